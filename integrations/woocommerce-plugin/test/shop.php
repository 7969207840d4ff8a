<?php
/**
 * What the plugin's ledger needs of WordPress, over a real MariaDB: wpdb's calls, and a catalogue that is the posts table.
 *
 * @package Stockmesh
 */

define( 'ABSPATH', __DIR__ );
mysqli_report( MYSQLI_REPORT_OFF );

$options = array();
function get_option( string $name ) {
	return $GLOBALS['options'][ $name ] ?? false;
}
function update_option( string $name, $value ): void {
	$GLOBALS['options'][ $name ] = $value;
}
function delete_option( string $name ): void {
	unset( $GLOBALS['options'][ $name ] );
}
function wp_json_encode( $value ) {
	return json_encode( $value );
}

final class Test_Db {
	public $prefix     = 'wp_';
	public $posts      = 'wp_posts';
	public $postmeta   = 'wp_postmeta';
	public $last_error = '';
	public $insert_id  = 0;
	private $link;

	public function __construct( string $socket ) {
		$this->link = mysqli_connect( null, 'root', '', null, 0, $socket );
		mysqli_set_charset( $this->link, 'utf8mb4' );
		$this->query( 'CREATE DATABASE IF NOT EXISTS stockmesh_test' );
		mysqli_select_db( $this->link, 'stockmesh_test' );
	}

	public function prepare( string $sql, ...$values ): string {
		$index = 0;
		return preg_replace_callback(
			'/%[ds]/',
			function ( $match ) use ( $values, &$index ) {
				$value = $values[ $index++ ];
				return '%d' === $match[0] ? (string) (int) $value : $this->text( (string) $value );
			},
			$sql
		);
	}

	/** As wpdb: how many rows it met, or false. */
	public function query( string $sql ) {
		$result           = mysqli_query( $this->link, $sql );
		$this->last_error = mysqli_error( $this->link );
		$this->insert_id  = mysqli_insert_id( $this->link );
		return false === $result ? false : max( 0, mysqli_affected_rows( $this->link ) );
	}

	public function get_results( string $sql ) {
		$result           = mysqli_query( $this->link, $sql );
		$this->last_error = mysqli_error( $this->link );
		$rows             = array();
		while ( $result && $row = mysqli_fetch_object( $result ) ) {
			$rows[] = $row;
		}
		return $rows;
	}

	public function insert( string $table, array $values ) {
		return $this->write( 'INSERT', $table, $values );
	}

	public function replace( string $table, array $values ) {
		return $this->write( 'REPLACE', $table, $values );
	}

	private function write( string $verb, string $table, array $values ) {
		$texts = array_map(
			function ( $value ) {
				return null === $value ? 'NULL' : $this->text( (string) $value );
			},
			$values
		);
		return $this->query( "$verb INTO $table (" . implode( ',', array_keys( $values ) ) . ') VALUES (' . implode( ',', $texts ) . ')' );
	}

	private function text( string $value ): string {
		return "'" . mysqli_real_escape_string( $this->link, $value ) . "'";
	}
}

/** Products in the posts table: `manages` is yes, no or parent, as WooCommerce has it, or bundle. */
final class Test_Catalogue {
	/** A shop in which stock is switched off changes nothing and says nothing. */
	public $is_silent = false;
	private $db;

	public function __construct( Test_Db $db ) {
		$this->db = $db;
	}

	public function facts( int $id ): ?array {
		$post = $this->post( $id );
		if ( ! $post ) {
			return null;
		}
		$children = array_map(
			static function ( $child ) {
				return (int) $child->ID;
			},
			$this->db->get_results( $this->db->prepare( 'SELECT ID FROM wp_posts WHERE parent = %d ORDER BY ID', $id ) )
		);
		$products = array( $this->product( $post ) );
		foreach ( $children as $child ) {
			$products[] = $this->product( $this->post( $child ) );
		}
		$fault = 'bundle' === $post->manages ? array( 'fault' => 'bundle' ) : array();
		return $fault + array(
			'is_row'     => 'parent' !== $post->manages,
			'is_tracked' => 'yes' === $post->manages,
			'sku'        => $post->sku,
			'name'       => "Product $id",
			'createdAt'  => 0,
			'products'   => $products,
			'children'   => $children,
		);
	}

	public function add( int $id, int $delta ): void {
		if ( ! $this->is_silent ) {
			$this->db->query( $this->db->prepare( "UPDATE wp_postmeta SET meta_value = meta_value + %d WHERE post_id = %d AND meta_key = '_stock'", $delta, $id ) );
		}
	}

	public function forget( int $id ): void {}

	public function manages_stock(): bool {
		return true;
	}

	public function sample(): ?array {
		return null;
	}

	/** A product of the test; answers its id. */
	public function create( ?string $sku, $stock, string $manages = 'yes', int $parent = 0 ): int {
		$this->db->insert( 'wp_posts', array( 'post_type' => 'product', 'post_status' => 'publish', 'sku' => $sku, 'manages' => $manages, 'parent' => $parent ) );
		$id = (int) $this->db->insert_id;
		$this->db->insert( 'wp_postmeta', array( 'post_id' => $id, 'meta_key' => '_stock', 'meta_value' => $stock ) );
		return $id;
	}

	private function post( int $id ) {
		$posts = $this->db->get_results( $this->db->prepare( 'SELECT * FROM wp_posts WHERE ID = %d', $id ) );
		return $posts ? $posts[0] : null;
	}

	private function product( $post ): array {
		return array(
			'id'       => $post->ID,
			'parentId' => (int) $post->parent ? $post->parent : null,
			'sku'      => $post->sku,
			'name'     => "Product {$post->ID}",
		);
	}
}

/** Answers whether everything was made. */
function make_tables( Test_Db $db ): bool {
	$statements = array(
		'CREATE TABLE wp_posts (ID BIGINT AUTO_INCREMENT PRIMARY KEY, post_type VARCHAR(20), post_status VARCHAR(20), sku VARCHAR(500), manages VARCHAR(10), parent BIGINT) ENGINE=InnoDB CHARACTER SET utf8mb4',
		'CREATE TABLE wp_postmeta (meta_id BIGINT AUTO_INCREMENT PRIMARY KEY, post_id BIGINT, meta_key VARCHAR(255), meta_value LONGTEXT, KEY (post_id)) ENGINE=InnoDB CHARACTER SET utf8mb4',
	);
	foreach ( $statements as $statement ) {
		if ( false === $db->query( $statement ) ) {
			return false;
		}
	}
	$GLOBALS['wpdb'] = $db;
	delete_option( 'stockmesh_schema' );
	return Stockmesh_Schema::upgrade_if_due();
}

function open_ledger( string $socket, string $address = 'https://shop.example' ): array {
	$db        = new Test_Db( $socket );
	$catalogue = new Test_Catalogue( $db );
	$database  = new Stockmesh_Database( $db );
	return array( new Stockmesh_Ledger( $database, $catalogue, $address ), $db, $catalogue, $database );
}

foreach ( array( 'refusal', 'sku', 'schema', 'database', 'ledger', 'pruner', 'scan' ) as $class ) {
	require_once __DIR__ . "/../includes/class-stockmesh-$class.php";
}
