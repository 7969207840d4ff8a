<?php
/**
 * The plugin's tables. `feed` grows at its end with dense ids in commit order and holds the operation keys; `shadow` is what
 * the feed has told so far of each product and variation; the one row of `state` is the lock under which both are written.
 * Up to `acknowledged_id` the node has the feed, and up to `pruned_id` it is no longer told.
 *
 * WordPress runs no activation where it updates a plugin, so tables of an earlier release are looked for at each request:
 * what they lack is added, and nothing is ever taken away, so that an earlier release still finds all that is its own. A
 * column that is added later therefore may be NULL or has a default.
 *
 * @package Stockmesh
 */

defined( 'ABSPATH' ) || exit;

final class Stockmesh_Schema {
	private const OPTION       = 'stockmesh_schema';
	private const LOCK_SECONDS = 5;

	/** Of each table its columns, and its keys by their names. */
	private const TABLES = array(
		'state'  => array(
			array(
				'id'              => 'TINYINT NOT NULL',
				'epoch'           => 'CHAR(16) NULL',
				'start_id'        => 'BIGINT NOT NULL DEFAULT 0',
				'last_id'         => 'BIGINT NOT NULL DEFAULT 0',
				'network'         => 'VARCHAR(191) NULL',
				'node'            => 'VARCHAR(191) NULL',
				'address'         => 'VARCHAR(500) NULL',
				'acknowledged_id' => 'BIGINT NOT NULL DEFAULT 0',
				'pruned_id'       => 'BIGINT NOT NULL DEFAULT 0',
				'hook_url'        => 'VARCHAR(500) NULL',
				'hook_key'        => 'VARCHAR(100) NULL',
				'scanned_at'      => 'BIGINT NOT NULL DEFAULT 0',
			),
			array( 'PRIMARY' => 'PRIMARY KEY (id)' ),
		),
		'feed'   => array(
			array(
				'id'        => 'BIGINT NOT NULL',
				'tag'       => 'CHAR(16) NOT NULL',
				'at'        => 'BIGINT NOT NULL',
				'kind'      => 'VARCHAR(8) NOT NULL',
				'post_id'   => 'BIGINT NOT NULL',
				'sku'       => 'VARCHAR(500) NULL',
				'is_unique' => 'TINYINT NOT NULL',
				'delta'     => 'BIGINT NOT NULL',
				'stock'     => 'BIGINT NULL',
				'reference' => 'VARCHAR(100) NULL',
				'op_id'     => 'CHAR(32) NULL',
				'facts'     => 'LONGTEXT NULL',
			),
			array(
				'PRIMARY' => 'PRIMARY KEY (id)',
				'op_id'   => 'UNIQUE KEY op_id (op_id)',
				'kind_at' => 'KEY kind_at (kind, at)',
			),
		),
		'shadow' => array(
			array(
				'post_id'   => 'BIGINT NOT NULL',
				'is_row'    => 'TINYINT NOT NULL',
				'level'     => 'BIGINT NULL',
				'raw_stock' => 'VARCHAR(50) NOT NULL',
				'sku_key'   => 'VARCHAR(500) NULL',
				'version'   => 'BIGINT NOT NULL',
				'facts'     => 'LONGTEXT NOT NULL',
			),
			array(
				'PRIMARY' => 'PRIMARY KEY (post_id)',
				'sku_key' => 'KEY sku_key (sku_key(100))',
			),
		),
	);

	public static function install(): void {
		self::bring( $GLOBALS['wpdb'] );
	}

	/** Whether the tables are those of this release, by now. What fails is tried again at the next request. */
	public static function upgrade_if_due(): bool {
		return get_option( self::OPTION ) === self::release() || self::bring( $GLOBALS['wpdb'] );
	}

	public static function uninstall(): void {
		global $wpdb;
		foreach ( array_keys( self::TABLES ) as $table ) {
			$wpdb->query( "DROP TABLE IF EXISTS {$wpdb->prefix}stockmesh_$table" ); // phpcs:ignore WordPress.DB.PreparedSQL
		}
		delete_option( self::OPTION );
		delete_option( 'stockmesh_node_url' );
		delete_transient( 'stockmesh_hints_rest' );
	}

	/** One request changes the tables, and the others wait a moment for it. Answers whether nothing is missing. */
	private static function bring( $wpdb ): bool {
		$lock   = $wpdb->prepare( '%s', "stockmesh {$wpdb->prefix}schema" );
		$locked = $wpdb->get_results( "SELECT GET_LOCK($lock, " . self::LOCK_SECONDS . ') AS held' ); // phpcs:ignore WordPress.DB.PreparedSQL
		if ( ! is_array( $locked ) || ! $locked || 1 !== (int) $locked[0]->held ) {
			return false;
		}
		$is_whole = true;
		foreach ( self::statements( $wpdb ) as $statement ) {
			$is_whole = false !== $wpdb->query( $statement ) && $is_whole; // phpcs:ignore WordPress.DB.PreparedSQL
		}
		$wpdb->query( "DO RELEASE_LOCK($lock)" ); // phpcs:ignore WordPress.DB.PreparedSQL
		if ( $is_whole ) {
			update_option( self::OPTION, self::release(), true );
		}
		return $is_whole;
	}

	/** What makes the tables, or adds what they lack. */
	private static function statements( $wpdb ): array {
		$statements = array();
		foreach ( self::TABLES as $name => list( $columns, $keys ) ) {
			$table  = "{$wpdb->prefix}stockmesh_$name";
			$parts  = array();
			$there  = self::names( $wpdb, 'COLUMNS', 'COLUMN_NAME', $table );
			$is_new = ! $there;
			foreach ( $columns as $column => $type ) {
				if ( ! in_array( $column, $there, true ) ) {
					$parts[] = ( $is_new ? '' : 'ADD COLUMN ' ) . "$column $type";
				}
			}
			foreach ( array_diff_key( $keys, array_flip( $is_new ? array() : self::names( $wpdb, 'STATISTICS', 'INDEX_NAME', $table ) ) ) as $key ) {
				$parts[] = ( $is_new ? '' : 'ADD ' ) . $key;
			}
			// InnoDB by name: a server's default may be an engine without transactions.
			if ( $is_new ) {
				$statements[] = "CREATE TABLE IF NOT EXISTS $table ( " . implode( ', ', $parts ) . ' ) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
			} elseif ( $parts ) {
				$statements[] = "ALTER TABLE $table " . implode( ', ', $parts );
			}
		}
		$statements[] = "INSERT IGNORE INTO {$wpdb->prefix}stockmesh_state (id) VALUES (1)";
		return $statements;
	}

	private static function names( $wpdb, string $of, string $what, string $table ): array {
		$sql = $wpdb->prepare( "SELECT $what AS name FROM information_schema.$of WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = %s", $table ); // phpcs:ignore WordPress.DB.PreparedSQL
		return array_column( (array) $wpdb->get_results( $sql ), 'name' ); // phpcs:ignore WordPress.DB.PreparedSQL
	}

	/** Of the tables: another one as soon as anything in them is another. */
	private static function release(): string {
		return md5( (string) wp_json_encode( self::TABLES ) );
	}
}
