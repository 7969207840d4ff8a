<?php
/**
 * What the plugin makes of a product as WooCommerce describes it: which have a number of their own, and which never.
 *
 * @package Stockmesh
 */

define( 'ABSPATH', __DIR__ );
require __DIR__ . '/../includes/class-stockmesh-catalogue.php';

/** As far as the catalogue asks. */
final class Test_Product {
	private $facts;

	public function __construct( array $facts ) {
		$this->facts = $facts + array( 'type' => 'simple', 'manages' => true, 'sku' => 'A', 'parent' => 0, 'children' => array() );
	}

	public function get_id(): int {
		return $this->facts['id'];
	}
	public function get_status(): string {
		return 'publish';
	}
	public function is_type( $types ): bool {
		return in_array( $this->facts['type'], (array) $types, true );
	}
	public function get_manage_stock( string $context = 'view' ) {
		return 'edit' === $context && 'parent' === $this->facts['manages'] ? false : $this->facts['manages'];
	}
	public function get_children(): array {
		return $this->facts['children'];
	}
	public function get_parent_id(): int {
		return $this->facts['parent'];
	}
	public function get_sku(): string {
		return $this->facts['sku'];
	}
	public function get_name(): string {
		return 'Product';
	}
	public function get_date_created() {
		return null;
	}
}

$products = array();
foreach (
	array(
		array( 'id' => 1 ),
		array( 'id' => 2, 'manages' => false ),
		array( 'id' => 3, 'type' => 'variable', 'children' => array( 4, 5 ) ),
		array( 'id' => 4, 'type' => 'variation', 'manages' => 'parent', 'parent' => 3, 'sku' => 'B' ),
		array( 'id' => 5, 'type' => 'variation', 'parent' => 3, 'sku' => '' ),
		array( 'id' => 6, 'type' => 'variable', 'manages' => false ),
		array( 'id' => 7, 'type' => 'grouped', 'manages' => false ),
		array( 'id' => 8, 'type' => 'woosb' ),
		array( 'id' => 9, 'type' => 'bundle', 'manages' => false ),
	) as $facts
) {
	$products[ $facts['id'] ] = new Test_Product( $facts );
}
function clean_post_cache(): void {}
function wc_get_product( int $id ) {
	return $GLOBALS['products'][ $id ] ?? false;
}
function get_option(): string {
	return 'yes';
}

function same( $expected, $actual, string $what ): void {
	if ( $expected !== $actual ) {
		fwrite( STDERR, "$what: expected " . json_encode( $expected ) . ', got ' . json_encode( $actual ) . "\n" );
		exit( 1 );
	}
	echo "ok: $what\n";
}

$catalogue = new Stockmesh_Catalogue();
$row       = static function ( int $id ) use ( $catalogue ): array {
	$facts = $catalogue->facts( $id );
	return array( $facts['is_row'], $facts['is_tracked'], $facts['fault'] ?? null );
};
same( array( true, true, null ), $row( 1 ), 'a product that manages its stock is a row' );
same( array( true, false, null ), $row( 2 ), 'one that does not has no number' );
same( array( true, true, null ), $row( 3 ), 'a variable product that manages the stock of its variations is a pool' );
same( array( 'A', 'B' ), array_column( $catalogue->facts( 3 )['products'], 'sku' ), 'which names those that share it' );
same( array( false, false, null ), $row( 4 ), 'and these have no row of their own' );
same( array( true, true, null ), $row( 5 ), 'a variation that manages its own stock has one' );
same( null, $catalogue->facts( 5 )['sku'], 'and not the SKU of its product' );
same( array( false, false, null ), $row( 6 ), 'a variable product without stock of its own is no row' );
same( array( false, false, null ), $row( 7 ), 'nor is a group' );
same( array( true, false, 'bundle' ), $row( 8 ), 'a bundle is a fault, also where it has a number' );
same( array( true, false, 'bundle' ), $row( 9 ), 'and where it has none' );
same( null, $catalogue->facts( 10 ), 'a product that is not there has no facts' );
