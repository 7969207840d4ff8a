<?php
/**
 * WordPress's database as a ledger needs it: an answer that failed is an exception, and work is done in a transaction
 * under the lock of the one state row.
 *
 * @package Stockmesh
 */

defined( 'ABSPATH' ) || exit;

final class Stockmesh_Database {
	private const TRIES = 5;

	public $posts;
	public $postmeta;
	public $state;
	public $feed;
	public $shadow;
	private $wpdb;

	public function __construct( $wpdb ) {
		$this->wpdb     = $wpdb;
		$this->posts    = $wpdb->posts;
		$this->postmeta = $wpdb->postmeta;
		$this->state    = $wpdb->prefix . 'stockmesh_state';
		$this->feed     = $wpdb->prefix . 'stockmesh_feed';
		$this->shadow   = $wpdb->prefix . 'stockmesh_shadow';
	}

	/** An empty answer and a failed read look alike to wpdb, and absence is not zero. */
	public function read( string $sql, ...$values ): array {
		$rows = $this->wpdb->get_results( $this->wpdb->prepare( $sql, ...$values ) );
		if ( '' !== (string) $this->wpdb->last_error || ! is_array( $rows ) ) {
			throw new RuntimeException( 'The database refuses: ' . $this->wpdb->last_error );
		}
		return $rows;
	}

	/** Answers how many rows it met. */
	public function run( string $sql, ...$values ): int {
		$met = $this->wpdb->query( $values ? $this->wpdb->prepare( $sql, ...$values ) : $sql );
		if ( false === $met ) {
			throw new RuntimeException( 'The database refuses: ' . $this->wpdb->last_error );
		}
		return (int) $met;
	}

	public function insert( string $table, array $values ): void {
		if ( false === $this->wpdb->insert( $table, $values ) ) {
			throw new RuntimeException( $this->wpdb->last_error );
		}
	}

	public function replace( string $table, array $values ): void {
		if ( false === $this->wpdb->replace( $table, $values ) ) {
			throw new RuntimeException( $this->wpdb->last_error );
		}
	}

	public function state() {
		return $this->read( "SELECT * FROM {$this->state} WHERE id = %d", 1 )[0];
	}

	/** Runs under the state's row lock in a transaction of its own; a deadlock is tried again. */
	public function locked( callable $work ) {
		for ( $try = 1; ; $try++ ) {
			$this->run( 'START TRANSACTION' );
			try {
				$state  = $this->read( "SELECT * FROM {$this->state} WHERE id = %d FOR UPDATE", 1 )[0];
				$result = $work( $state );
				$this->run( 'COMMIT' );
				return $result;
			} catch ( Throwable $error ) {
				$this->wpdb->query( 'ROLLBACK' );
				$is_deadlock = false !== stripos( $error->getMessage(), 'deadlock' );
				if ( ! $is_deadlock || self::TRIES === $try ) {
					throw $error;
				}
			}
		}
	}

	/** Without transactions an adjustment could be made and its key be lost. */
	public function is_transactional(): bool {
		$rows = $this->read( 'SELECT ENGINE AS engine FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (%s, %s, %s)', $this->postmeta, $this->feed, $this->state );
		foreach ( $rows as $row ) {
			if ( 0 !== strcasecmp( (string) $row->engine, 'InnoDB' ) ) {
				return false;
			}
		}
		return 3 === count( $rows );
	}
}
