<?php
/**
 * Finds what no hook told, as after an import by SQL or a request that was killed, and takes away what is no longer needed.
 * The node's own looking drives it, since WordPress's cron sleeps in a shop without visitors.
 *
 * @package Stockmesh
 */

defined( 'ABSPATH' ) || exit;

final class Stockmesh_Scan {
	/** Between two of them: each reads the stock of every product. */
	private const EVERY_MS = 300000;
	/** Products of one scan; the next one goes on. */
	private const PRODUCTS_MAX = 500;
	/** Steps of one scan: a feed that was never shortened takes some. */
	private const PRUNINGS_MAX = 20;

	private $db;
	private $ledger;
	private $pruner;

	public function __construct( Stockmesh_Database $db, Stockmesh_Ledger $ledger, Stockmesh_Pruner $pruner ) {
		$this->db     = $db;
		$this->ledger = $ledger;
		$this->pruner = $pruner;
	}

	/** `$now` in milliseconds since 1970. Of several requests at once one does it. Answers whether it was done. */
	public function run_if_due( int $now ): bool {
		$is_due = (int) $this->db->state()->scanned_at <= $now - self::EVERY_MS
			&& 1 === $this->db->run( "UPDATE {$this->db->state} SET scanned_at = %d WHERE scanned_at <= %d", $now, $now - self::EVERY_MS );
		if ( $is_due ) {
			$this->run( $now );
		}
		return $is_due;
	}

	private function run( int $now ): void {
		foreach ( $this->ledger->differing( self::PRODUCTS_MAX ) as $id ) {
			$this->ledger->capture( $id );
		}
		for ( $step = 0; $step < self::PRUNINGS_MAX && 0 < $this->pruner->prune( $now ); $step++ ) {
			continue;
		}
	}
}
