<?php
/**
 * Plugin Name: Stockmesh for WooCommerce
 * Description: Keeps a feed of every stock movement and adjusts stock exactly, for the Stockmesh node beside this shop.
 * Version: 0.2.0
 * Requires PHP: 7.4
 * Requires Plugins: woocommerce
 * WC requires at least: 8.0
 * WC tested up to: 11.0
 * Text Domain: stockmesh
 * License: GPL-2.0-or-later
 *
 * @package Stockmesh
 */

defined( 'ABSPATH' ) || exit;

const STOCKMESH_VERSION = '0.2.0';

foreach ( array( 'refusal', 'sku', 'schema', 'database', 'catalogue', 'ledger', 'pruner', 'scan', 'recorder', 'hints', 'routes', 'discovery', 'admin' ) as $stockmesh_class ) {
	require_once __DIR__ . "/includes/class-stockmesh-$stockmesh_class.php";
}

register_activation_hook( __FILE__, array( 'Stockmesh_Schema', 'install' ) );
register_deactivation_hook( __FILE__, array( 'Stockmesh_Recorder', 'stop' ) );
add_action(
	'woocommerce_init',
	static function () {
		// Where it fails the ledger refuses, and the node takes the shop for out of reach until it has worked.
		Stockmesh_Schema::upgrade_if_due();
		$db        = new Stockmesh_Database( $GLOBALS['wpdb'] );
		$catalogue = new Stockmesh_Catalogue();
		// As it is stored: for the pages of a language, plugins give another one.
		$ledger    = new Stockmesh_Ledger( $db, $catalogue, (string) get_option( 'home' ) );
		$hints     = new Stockmesh_Hints( $db, $ledger );
		$scan      = new Stockmesh_Scan( $db, $ledger, new Stockmesh_Pruner( $db ) );
		( new Stockmesh_Recorder( $ledger, $scan ) )->listen();
		( new Stockmesh_Routes( $db, $ledger, $catalogue, $hints, $scan ) )->listen();
		( new Stockmesh_Discovery() )->listen();
		( new Stockmesh_Admin( $db, $ledger ) )->listen();
		$hints->listen();
	}
);

// The orders' own tables are as good to us as posts: no order is ever read from the database.
add_action(
	'before_woocommerce_init',
	static function () {
		if ( class_exists( 'Automattic\\WooCommerce\\Utilities\\FeaturesUtil' ) ) {
			Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility( 'custom_order_tables', __FILE__, true );
		}
	}
);

if ( defined( 'WP_CLI' ) && WP_CLI ) {
	// For the administrator of a copied shop: this address is a shop of its own, and its node attaches anew.
	WP_CLI::add_command(
		'stockmesh claim',
		static function () {
			( new Stockmesh_Ledger( new Stockmesh_Database( $GLOBALS['wpdb'] ), new Stockmesh_Catalogue(), (string) get_option( 'home' ) ) )->claim();
			WP_CLI::success( 'This shop begins a feed of its own when its node attaches.' );
		}
	);
}
