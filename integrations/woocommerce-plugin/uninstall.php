<?php
/**
 * Takes away what the plugin kept. The shop's stock is not touched.
 *
 * @package Stockmesh
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

require_once __DIR__ . '/includes/class-stockmesh-schema.php';
Stockmesh_Schema::uninstall();
