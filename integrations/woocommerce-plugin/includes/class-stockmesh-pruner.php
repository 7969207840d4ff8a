<?php
/**
 * Shortens the feed: what the node has read long ago is no longer kept. A reader who comes back from before that, as a
 * node restored from an old backup does, is told that the feed is another one, and begins anew with every number in doubt.
 *
 * @package Stockmesh
 */

defined( 'ABSPATH' ) || exit;

final class Stockmesh_Pruner {
	/** Backups of a node are younger than that, and history beyond it is the node's. */
	private const FEED_DAYS = 90;
	/** Operation keys are small, and a node that was away for a year must not make an adjustment twice. */
	private const OPERATION_DAYS = 730;
	/** Rows of one statement, which no checkout should have to wait for. */
	private const ROWS_MAX = 1000;

	private $db;

	public function __construct( Stockmesh_Database $db ) {
		$this->db = $db;
	}

	/** One step; answers how many rows went. `$now` in milliseconds since 1970. */
	public function prune( int $now ): int {
		$feed_before      = $now - self::FEED_DAYS * 86400000;
		$operation_before = $now - self::OPERATION_DAYS * 86400000;
		// First it is no longer told, then it goes: who reads in between must not see a gap.
		$this->db->locked(
			function ( $state ) use ( $feed_before ) {
				$oldest = $this->db->read( "SELECT MIN(id) AS id FROM {$this->db->feed} WHERE id > %d AND at >= %d", $state->pruned_id, $feed_before )[0]->id;
				$bound  = min( null === $oldest ? (int) $state->last_id : (int) $oldest, (int) $state->acknowledged_id ) - 1;
				if ( $bound > (int) $state->pruned_id ) {
					$this->db->run( "UPDATE {$this->db->state} SET pruned_id = %d", $bound );
				}
			}
		);
		$pruned = (int) $this->db->state()->pruned_id;
		return $this->db->run( "DELETE FROM {$this->db->feed} WHERE id <= %d AND (kind <> 'adjust' OR at < %d) ORDER BY id LIMIT %d", $pruned, $operation_before, self::ROWS_MAX );
	}
}
