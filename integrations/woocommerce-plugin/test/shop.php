<?php
/**
 * What the plugin's ledger needs of WordPress, over a real MariaDB: wpdb's calls, and a catalogue that is the posts table.
 *
 * @package Stockmesh
 */

define( 'ABSPATH', __DIR__ );
mysqli_report( MYSQLI_REPORT_OFF );

function wp_json_encode( $value ) {
	return json_encode( $value );
}

final class Test_Db {
	public $prefix     = 'wp_';
	public $posts      = 'wp_posts';
	public $postmeta   = 'wp_postmeta';
	public $last_error = '';
	private $link;

	public function __construct( string $socket ) {
		$this->link = mysqli_connect( null, 'root', '', null, 0, $socket );
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

	public function query( string $sql ) {
		$result           = mysqli_query( $this->link, $sql );
		$this->last_error = mysqli_error( $this->link );
		return false === $result ? false : true;
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

final class Test_Catalogue {
	/** A shop in which stock is switched off changes nothing and says nothing. */
	public $is_silent = false;
	private $db;

	public function __construct( Test_Db $db ) {
		$this->db = $db;
	}

	public function facts( int $id ): ?array {
		$posts = $this->db->get_results( $this->db->prepare( 'SELECT * FROM wp_posts WHERE ID = %d', $id ) );
		if ( ! $posts ) {
			return null;
		}
		$sku = $posts[0]->sku;
		return array(
			'is_row'     => true,
			'is_tracked' => true,
			'sku'        => $sku,
			'name'       => "Product $id",
			'createdAt'  => 0,
			'products'   => array( array( 'id' => (string) $id, 'parentId' => null, 'sku' => $sku, 'name' => "Product $id" ) ),
			'children'   => array(),
		);
	}

	public function add( int $id, int $delta ): void {
		if ( ! $this->is_silent ) {
			$this->db->query( $this->db->prepare( "UPDATE wp_postmeta SET meta_value = meta_value + %d WHERE post_id = %d AND meta_key = '_stock'", $delta, $id ) );
		}
	}

	public function forget( int $id ): void {}
}

function open_ledger( string $socket, string $address = 'https://shop.example' ): array {
	$db        = new Test_Db( $socket );
	$catalogue = new Test_Catalogue( $db );
	return array( new Stockmesh_Ledger( $db, $catalogue, $address ), $db, $catalogue );
}

require_once __DIR__ . '/../includes/class-stockmesh-sku.php';
require_once __DIR__ . '/../includes/class-stockmesh-schema.php';
require_once __DIR__ . '/../includes/class-stockmesh-ledger.php';
