<?php
/**
 * Hears from WooCommerce which products may have moved and why, and compares them once the request has done its work:
 * by then no transaction of WooCommerce is open that a transaction of ours would end.
 *
 * @package Stockmesh
 */

defined( 'ABSPATH' ) || exit;

final class Stockmesh_Recorder {
	private const SCAN = 'stockmesh_scan';

	private $ledger;
	private $scan;
	/** Kind and order number of each product that may have moved. */
	private $touched = array();

	public function __construct( Stockmesh_Ledger $ledger, Stockmesh_Scan $scan ) {
		$this->ledger = $ledger;
		$this->scan   = $scan;
	}

	public function listen(): void {
		foreach ( array( 'woocommerce_product_set_stock', 'woocommerce_variation_set_stock', 'woocommerce_updated_product_stock', 'woocommerce_new_product', 'woocommerce_update_product', 'woocommerce_new_product_variation', 'woocommerce_update_product_variation', 'trashed_post', 'untrashed_post', 'before_delete_post' ) as $hook ) {
			add_action( $hook, array( $this, 'touch' ) );
		}
		add_action( 'woocommerce_reduce_order_stock', array( $this, 'sold' ) );
		add_action( 'woocommerce_restore_order_stock', array( $this, 'cancelled' ) );
		add_action( 'woocommerce_restock_refunded_item', array( $this, 'returned' ), 10, 4 );
		add_action( 'shutdown', array( $this, 'flush' ), 0 );
		add_action( self::SCAN, array( $this, 'scan' ) );
		if ( ! wp_next_scheduled( self::SCAN ) ) {
			wp_schedule_event( time(), 'hourly', self::SCAN );
		}
	}

	public static function stop(): void {
		wp_clear_scheduled_hook( self::SCAN );
	}

	/** A product or its id; other posts have no stock and are passed over. */
	public function touch( $product ): void {
		$id = is_object( $product ) ? $product->get_id() : (int) $product;
		if ( is_object( $product ) || in_array( get_post_type( $id ), array( 'product', 'product_variation' ), true ) ) {
			$this->touched += array( $id => array( 'manual', null ) );
		}
	}

	public function sold( $order ): void {
		$this->explain( $order, 'sale' );
	}

	public function cancelled( $order ): void {
		$this->explain( $order, 'cancel' );
	}

	public function returned( $id, $before, $after, $order ): void {
		$product = wc_get_product( $id );
		if ( $product ) {
			$this->touched[ $product->get_stock_managed_by_id() ] = array( 'return', (string) $order->get_order_number() );
		}
	}

	public function flush(): void {
		foreach ( $this->touched as $id => list( $kind, $reference ) ) {
			try {
				$this->ledger->capture( $id, $kind, $reference );
			} catch ( Throwable $error ) {
				// The customer has his order; the scan finds the movement.
				wc_get_logger()->error( $error->getMessage(), array( 'source' => 'stockmesh' ) );
			}
		}
		$this->touched = array();
	}

	public function scan(): void {
		$this->scan->run_if_due( (int) floor( microtime( true ) * 1000 ) );
	}

	private function explain( $order, string $kind ): void {
		foreach ( $order->get_items() as $item ) {
			$product = $item->is_type( 'line_item' ) ? $item->get_product() : null;
			if ( $product && $product->managing_stock() ) {
				$this->touched[ $product->get_stock_managed_by_id() ] = array( $kind, (string) $order->get_order_number() );
			}
		}
	}
}
