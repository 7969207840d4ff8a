<?php
/**
 * Plugin Name: Stockmesh for WooCommerce
 * Description: Keeps a feed of every stock movement and adjusts stock exactly, for the Stockmesh node beside this shop.
 * Version: 0.1.0
 * Requires PHP: 7.4
 * Requires Plugins: woocommerce
 * License: GPL-2.0-or-later
 *
 * @package Stockmesh
 */

defined( 'ABSPATH' ) || exit;

require_once __DIR__ . '/includes/class-stockmesh-sku.php';
require_once __DIR__ . '/includes/class-stockmesh-schema.php';
require_once __DIR__ . '/includes/class-stockmesh-catalogue.php';
require_once __DIR__ . '/includes/class-stockmesh-ledger.php';
require_once __DIR__ . '/includes/class-stockmesh-recorder.php';
require_once __DIR__ . '/includes/class-stockmesh-routes.php';

register_activation_hook( __FILE__, array( 'Stockmesh_Schema', 'install' ) );
register_deactivation_hook( __FILE__, array( 'Stockmesh_Recorder', 'stop' ) );
add_action(
	'woocommerce_init',
	static function () {
		$ledger = new Stockmesh_Ledger( $GLOBALS['wpdb'], new Stockmesh_Catalogue(), home_url() );
		( new Stockmesh_Recorder( $ledger ) )->listen();
		( new Stockmesh_Routes( $ledger ) )->listen();
	}
);

if ( defined( 'WP_CLI' ) && WP_CLI ) {
	// For the administrator of a copied shop: this address is a shop of its own, and its node attaches anew.
	WP_CLI::add_command(
		'stockmesh claim',
		static function () {
			( new Stockmesh_Ledger( $GLOBALS['wpdb'], new Stockmesh_Catalogue(), home_url() ) )->claim();
			WP_CLI::success( 'This shop begins a feed of its own when its node attaches.' );
		}
	);
}
