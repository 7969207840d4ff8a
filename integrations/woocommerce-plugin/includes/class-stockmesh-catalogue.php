<?php
/**
 * What WooCommerce says of a product, read past its caches, and the one way of adjusting stock that is atomic.
 *
 * @package Stockmesh
 */

defined( 'ABSPATH' ) || exit;

final class Stockmesh_Catalogue {
	/** Types of the usual bundle plugins, as the node knows them without this plugin too: they sell other products' stock. */
	private const BUNDLES = array( 'bundle', 'composite', 'woosb', 'woosg', 'mix-and-match', 'yith_bundle', 'bundled' );

	/**
	 * Null: there is no such product. `is_row`: whether it has a stock number of its own. A variable product has one only
	 * where it manages the stock of its variations, which then are one pool. `fault`, where there is one: why its number is
	 * none to share.
	 */
	public function facts( int $id ): ?array {
		clean_post_cache( $id );
		$product = wc_get_product( $id );
		if ( ! $product || in_array( $product->get_status(), array( 'trash', 'auto-draft' ), true ) ) {
			return null;
		}
		$manages = $product->get_manage_stock( 'edit' );
		$is_pool = $product->is_type( 'variable' );
		// The option first: a variation answers true for itself, 'parent' for its parent, and false for nobody.
		$is_bundle  = $product->is_type( self::BUNDLES );
		$is_tracked = true === $manages && $this->manages_stock() && ! $is_bundle;
		$is_row     = $is_pool ? $is_tracked : 'parent' !== $product->get_manage_stock() && ! $product->is_type( array( 'grouped', 'external' ) );
		$products   = array( $this->product( $product ) );
		if ( $is_pool && $is_row ) {
			foreach ( $product->get_children() as $child_id ) {
				$child = wc_get_product( $child_id );
				if ( $child && 'parent' === $child->get_manage_stock() ) {
					$products[] = $this->product( $child );
				}
			}
		}
		$created = $product->get_date_created( 'edit' );
		$fault   = $is_bundle ? array( 'fault' => 'bundle' ) : array();
		return $fault + array(
			'is_row'     => $is_row,
			'is_tracked' => $is_tracked,
			'sku'        => self::sku( $product ),
			'name'       => $product->get_name(),
			'createdAt'  => $created ? $created->getTimestamp() * 1000 : 0,
			'products'   => $products,
			'children'   => $is_pool ? array_map( 'intval', $product->get_children() ) : array(),
		);
	}

	public function manages_stock(): bool {
		return 'yes' === get_option( 'woocommerce_manage_stock' );
	}

	/** One product, so that a merchant sees that it is the right shop; null: there is none. */
	public function sample(): ?array {
		$products = wc_get_products( array( 'limit' => 1, 'status' => 'publish', 'orderby' => 'ID', 'order' => 'ASC' ) );
		if ( ! $products ) {
			return null;
		}
		$product = $products[0];
		return array(
			'sku'   => self::sku( $product ),
			'name'  => $product->get_name(),
			'stock' => $product->managing_stock() ? $product->get_stock_quantity() : null,
		);
	}

	/** Adds to the stock in place. The answer is not used: it comes from an earlier read. */
	public function add( int $id, int $delta ): void {
		wc_update_product_stock( wc_get_product( $id ), abs( $delta ), $delta < 0 ? 'decrease' : 'increase' );
	}

	/** After a rollback the caches hold what never was. */
	public function forget( int $id ): void {
		clean_post_cache( $id );
	}

	private function product( $product ): array {
		$parent = $product->get_parent_id();
		return array(
			'id'       => (string) $product->get_id(),
			'parentId' => $parent ? (string) $parent : null,
			'sku'      => self::sku( $product ),
			'name'     => $product->get_name(),
		);
	}

	/** As it is stored: a variation without a SKU would else answer with its parent's, which is other goods. */
	private static function sku( $product ): ?string {
		$sku = (string) $product->get_sku( 'edit' );
		return '' === $sku ? null : $sku;
	}
}
