<?php
/**
 * The plugin's tables. `feed` grows at its end with dense ids in commit order and holds the operation keys; `shadow` is what
 * the feed has told so far of each product and variation; the one row of `state` is the lock under which both are written.
 * Up to `acknowledged_id` the node has the feed, and up to `pruned_id` it is no longer told.
 *
 * @package Stockmesh
 */

defined( 'ABSPATH' ) || exit;

final class Stockmesh_Schema {
	public static function install(): void {
		global $wpdb;
		foreach ( self::statements( $wpdb->prefix . 'stockmesh_' ) as $statement ) {
			$wpdb->query( $statement ); // phpcs:ignore WordPress.DB.PreparedSQL
		}
	}

	public static function uninstall(): void {
		global $wpdb;
		foreach ( array( 'state', 'feed', 'shadow' ) as $table ) {
			$wpdb->query( "DROP TABLE IF EXISTS {$wpdb->prefix}stockmesh_$table" ); // phpcs:ignore WordPress.DB.PreparedSQL
		}
		delete_option( 'stockmesh_node_url' );
		delete_transient( 'stockmesh_hints_rest' );
	}

	/** InnoDB by name: a server's default may be an engine without transactions. */
	public static function statements( string $prefix ): array {
		$options = 'ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
		return array(
			"CREATE TABLE IF NOT EXISTS {$prefix}state (
				id TINYINT NOT NULL PRIMARY KEY, epoch CHAR(16) NULL, start_id BIGINT NOT NULL DEFAULT 0,
				last_id BIGINT NOT NULL DEFAULT 0, network VARCHAR(191) NULL, node VARCHAR(191) NULL,
				address VARCHAR(500) NULL, acknowledged_id BIGINT NOT NULL DEFAULT 0, pruned_id BIGINT NOT NULL DEFAULT 0,
				hook_url VARCHAR(500) NULL, hook_key VARCHAR(100) NULL, scanned_at BIGINT NOT NULL DEFAULT 0 ) $options",
			"CREATE TABLE IF NOT EXISTS {$prefix}feed (
				id BIGINT NOT NULL PRIMARY KEY, tag CHAR(16) NOT NULL, at BIGINT NOT NULL, kind VARCHAR(8) NOT NULL,
				post_id BIGINT NOT NULL, sku VARCHAR(500) NULL, is_unique TINYINT NOT NULL, delta BIGINT NOT NULL,
				stock BIGINT NULL, reference VARCHAR(100) NULL, op_id CHAR(32) NULL, facts LONGTEXT NULL,
				UNIQUE KEY op_id (op_id), KEY kind_at (kind, at) ) $options",
			"CREATE TABLE IF NOT EXISTS {$prefix}shadow (
				post_id BIGINT NOT NULL PRIMARY KEY, is_row TINYINT NOT NULL, level BIGINT NULL, raw_stock VARCHAR(50) NOT NULL,
				sku_key VARCHAR(500) NULL, version BIGINT NOT NULL, facts LONGTEXT NOT NULL,
				KEY sku_key (sku_key(100)) ) $options",
			"INSERT IGNORE INTO {$prefix}state (id) VALUES (1)",
		);
	}
}
