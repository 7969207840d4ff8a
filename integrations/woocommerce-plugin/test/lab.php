<?php
/**
 * For tries with a running WooCommerce, never for a shop that sells: copied to `wp-content/mu-plugins`, it lets the tests do
 * what customers and staff do, each call a request of its own with WooCommerce's own functions. Whoever knows the secret may.
 *
 * @package Stockmesh
 */

defined( 'ABSPATH' ) || exit;

/** @param WP_REST_Request $request With `do` and what it needs. */
function stockmesh_lab( $request ) {
	$id = (int) $request['id'];
	switch ( $request['do'] ) {
		case 'create':
			$variants = $request['variants'] ?? array();
			$product  = $variants ? new WC_Product_Variable() : new WC_Product_Simple();
			if ( 'bundle' === $request['type'] ) {
				$product = new Stockmesh_Lab_Bundle();
			}
			$product->set_name( 'Product ' . $request['sku'] );
			$product->set_regular_price( '10' );
			$product->set_manage_stock( null !== $request['stock'] );
			$product->set_stock_quantity( $request['stock'] );
			$product->set_backorders( 'yes' );
			$id = $product->save();
			stockmesh_lab_sku( $id, $request['sku'] );
			foreach ( $variants as $sku ) {
				$variation = new WC_Product_Variation();
				$variation->set_parent_id( $id );
				stockmesh_lab_sku( $variation->save(), $sku );
			}
			break;
		case 'sell':
			$product = wc_get_product( $id );
			if ( $product->is_type( 'variable' ) ) {
				$id = $product->get_children()[0];
			}
			$order = wc_create_order();
			$order->add_product( wc_get_product( $id ), (int) $request['units'] );
			$order->calculate_totals();
			$order->payment_complete();
			return array( 'id' => $order->get_id() );
		case 'cancel':
			wc_get_order( $id )->update_status( 'cancelled' );
			break;
		case 'refund':
			$order = wc_get_order( $id );
			foreach ( $order->get_items() as $line => $item ) {
				$lines[ $line ] = array( 'qty' => (int) $request['units'], 'refund_total' => 0 );
			}
			wc_create_refund( array( 'order_id' => $id, 'amount' => 0, 'line_items' => $lines, 'restock_items' => true ) );
			break;
		case 'type':
			$product = wc_get_product( $id );
			$product->set_manage_stock( null !== $request['stock'] );
			$product->set_stock_quantity( $request['stock'] );
			$product->save();
			break;
		case 'fraction':
			remove_filter( 'woocommerce_stock_amount', 'intval' );
			add_filter( 'woocommerce_stock_amount', 'floatval' );
			$product = wc_get_product( $id );
			$product->set_stock_quantity( 0.5 );
			$product->save();
			break;
		case 'rename':
			stockmesh_lab_sku( $id, $request['sku'] );
			break;
		case 'scan':
			// As after five minutes.
			$GLOBALS['wpdb']->query( "UPDATE {$GLOBALS['wpdb']->prefix}stockmesh_state SET scanned_at = 0" );
			break;
		case 'remove':
			wc_get_product( $id )->delete( true );
			break;
		case 'stock':
			global $wpdb;
			$product = wc_get_product( $id );
			$row     = $wpdb->get_var( $wpdb->prepare( "SELECT meta_value FROM {$wpdb->postmeta} WHERE post_id = %d AND meta_key = '_stock'", $id ) );
			return array( 'stock' => $product && $product->get_manage_stock() ? 0 + $row : null );
		case 'address':
			update_option( 'stockmesh_lab_home', $request['address'] );
			break;
		case 'begin':
			delete_option( 'stockmesh_lab_home' );
			// The suite counts its operations from one.
			Stockmesh_Schema::uninstall();
			Stockmesh_Schema::install();
			foreach ( get_posts( array( 'post_type' => array( 'product', 'product_variation' ), 'post_status' => 'any', 'numberposts' => -1, 'fields' => 'ids' ) ) as $post ) {
				// What an earlier run has left.
				if ( 0 === strpos( get_the_title( $post ), 'Product ' ) ) {
					wp_delete_post( $post, true );
				}
			}
			break;
		case 'claim':
			( new Stockmesh_Ledger( new Stockmesh_Database( $GLOBALS['wpdb'] ), new Stockmesh_Catalogue(), (string) get_option( 'home' ) ) )->claim();
			break;
	}
	return array( 'id' => $id );
}

// A kind of product that only a bundle plugin brings.
add_action(
	'woocommerce_loaded',
	static function () {
		class Stockmesh_Lab_Bundle extends WC_Product_Simple {
			public function get_type() {
				return 'bundle';
			}
		}
	}
);
add_filter(
	'woocommerce_product_class',
	static function ( $class, $type ) {
		return 'bundle' === $type ? 'Stockmesh_Lab_Bundle' : $class;
	},
	10,
	2
);

/** As an import writes it, past the checks that a SKU stands once. */
function stockmesh_lab_sku( int $id, ?string $sku ): void {
	update_post_meta( $id, '_sku', (string) $sku );
	clean_post_cache( $id );
	wc_get_product( $id )->save();
}

// The tests reach the shop through a line of theirs, and a copy has another address.
add_filter(
	'option_home',
	static function ( $address ) {
		return (string) get_option( 'stockmesh_lab_home', $address );
	},
	PHP_INT_MAX
);
add_filter(
	'home_url',
	static function ( $url ) {
		$host = $_SERVER['HTTP_X_FORWARDED_HOST'] ?? ''; // phpcs:ignore WordPress.Security
		return '' === $host ? $url : preg_replace( '#^https?://[^/]+#', "http://$host", $url );
	}
);

add_action(
	'rest_api_init',
	static function () {
		register_rest_route(
			'stockmesh-lab/v1',
			'/do',
			array(
				'methods'             => 'POST',
				'permission_callback' => static function ( $request ) {
					$secret = (string) getenv( 'STOCKMESH_LAB' );
					return strlen( $secret ) >= 32 && hash_equals( $secret, (string) $request->get_header( 'x-stockmesh-lab' ) );
				},
				'callback'            => 'stockmesh_lab',
			)
		);
	}
);
