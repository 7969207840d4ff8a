<?php
/**
 * The movement feed. A movement is never what a hook says, which is a level from an earlier read, but the difference
 * between the stock under its row lock and the shadow; so the feed's sum is the stock's movement, in whatever order
 * checkouts end, and a change that no hook told is found by the same comparison.
 *
 * @package Stockmesh
 */

defined( 'ABSPATH' ) || exit;

final class Stockmesh_Ledger {
	/** Units that the network counts up to. */
	private const UNITS_MAX = 1000000000;

	private $db;
	private $catalogue;
	private $address;
	/** Rows that this request told of the shop's own changes. */
	private $told = 0;

	public function __construct( Stockmesh_Database $db, $catalogue, string $address ) {
		$this->db        = $db;
		$this->catalogue = $catalogue;
		$this->address   = self::place( $address );
	}

	/** Refusals: 409 `shop-copied`, 500 `not-transactional`, 503 `catalogue-unread` until every product was read once. */
	public function attach( string $network, string $node, bool $fresh, int $seconds_max ): array {
		$this->assert_own();
		if ( ! $this->db->is_transactional() ) {
			throw new Stockmesh_Refusal( 500, 'not-transactional', 'The tables of WordPress must be InnoDB.' );
		}
		$end = time() + $seconds_max;
		do {
			$ids = $this->differing( 100 );
			foreach ( $ids as $id ) {
				$this->capture( $id );
			}
		} while ( $ids && time() < $end );
		if ( $ids ) {
			throw new Stockmesh_Refusal( 503, 'catalogue-unread', 'The products are being read for the first time. Ask again.' );
		}
		return $this->db->locked(
			function ( $state ) use ( $network, $node, $fresh ) {
				if ( $state->epoch && ! $fresh && $state->network === $network && $state->node === $node ) {
					return array( 'epoch' => $state->epoch, 'start' => (int) $state->start_id );
				}
				$epoch = bin2hex( random_bytes( 8 ) );
				$id    = $this->append( $state, 'attached', 0, null, 0, null, null, null );
				$this->db->run( "UPDATE {$this->db->state} SET epoch = %s, start_id = %d, acknowledged_id = %d, network = %s, node = %s, address = %s", $epoch, $id, $id, $network, $node, $this->address );
				return array( 'epoch' => $epoch, 'start' => $id );
			}
		);
	}

	/** One statement reads a page, so stock and feed position of a row belong together. */
	public function rows( string $after, int $limit ): array {
		$this->assert_own();
		$rows  = $this->db->read( "SELECT * FROM {$this->db->shadow} WHERE is_row = 1 AND post_id > %d ORDER BY post_id LIMIT %d", (int) $after, $limit );
		$state = $this->db->state();
		return array(
			'epoch' => (string) $state->epoch,
			'items' => array_map( array( $this, 'stock_row' ), $rows ),
			'next'  => count( $rows ) < $limit ? null : self::stock_id( end( $rows )->post_id ),
			'total' => (int) $this->db->read( "SELECT COUNT(*) AS n FROM {$this->db->shadow} WHERE is_row = %d", 1 )[0]->n,
		);
	}

	/** Refusals: 409 `feed-epoch-changed`, `feed-rolled-back`, `shop-copied`. */
	public function feed( string $epoch, int $after, ?string $tag, int $limit ): array {
		$this->assert_own();
		$state = $this->db->state();
		if ( $state->epoch && $state->epoch !== $epoch ) {
			throw new Stockmesh_Refusal( 409, 'feed-epoch-changed', 'Another node was attached to this shop.' );
		}
		$at = null === $tag ? array() : $this->db->read( "SELECT tag FROM {$this->db->feed} WHERE id = %d", $after );
		// Nobody is attached, as after a claim; or the reader asks for what is no longer kept, or for what never was.
		if ( ! $state->epoch || $after < (int) $state->pruned_id || $after > (int) $state->last_id || ( null !== $tag && ( ! $at || $at[0]->tag !== $tag ) ) ) {
			throw new Stockmesh_Refusal( 409, 'feed-rolled-back', 'The feed is not the one that was read before.' );
		}
		if ( $after > (int) $state->acknowledged_id ) {
			$this->db->run( "UPDATE {$this->db->state} SET acknowledged_id = %d WHERE epoch = %s AND acknowledged_id < %d", $after, $epoch, $after );
		}
		$rows = $this->db->read( "SELECT * FROM {$this->db->feed} WHERE id > %d AND id <= %d ORDER BY id LIMIT %d", $after, $state->last_id, $limit );
		return array( 'rows' => array_map( array( $this, 'feed_row' ), $rows ), 'end' => (int) $state->last_id );
	}

	public function adjust( string $op_id, string $stock_id, string $key, int $delta ): array {
		$this->assert_own();
		$id = preg_match( '/^\d{1,19}$/', $stock_id ) ? (int) $stock_id : 0;
		if ( ! $id ) {
			return array( 'opId' => $op_id, 'status' => 'refused', 'code' => 'row-gone' );
		}
		try {
			return $this->db->locked(
				function ( $state ) use ( $op_id, $id, $key, $delta ) {
					$done = $this->db->read( "SELECT id, stock FROM {$this->db->feed} WHERE op_id = %s", $op_id );
					if ( $done ) {
						return array( 'opId' => $op_id, 'status' => 'repeated', 'stock' => (int) $done[0]->stock, 'feedId' => (int) $done[0]->id );
					}
					$this->compare( $state, $id, 'manual', null );
					$row  = $this->shadow( $id );
					$code = $this->fault( $row, $key, $delta );
					if ( $code ) {
						return array( 'opId' => $op_id, 'status' => 'refused', 'code' => $code );
					}
					$level = (int) $row->level + $delta;
					// Before the stock, so that whoever commits in between can never leave the stock moved without its key.
					$feed_id = $this->append( $state, 'adjust', $id, $row, $delta, $level, null, $op_id );
					$this->db->run( "UPDATE {$this->db->shadow} SET level = %d, raw_stock = %s, version = %d WHERE post_id = %d", $level, (string) $level, $feed_id, $id );
					$this->catalogue->add( $id, $delta );
					if ( self::whole( $this->raw_stock( $id ) ) !== $level ) {
						throw new Stockmesh_Refusal( 500, 'stock-not-moved', 'WooCommerce did not change the stock as it was asked to.' );
					}
					return array( 'opId' => $op_id, 'status' => 'applied', 'stock' => $level, 'feedId' => $feed_id );
				}
			);
		} catch ( Throwable $error ) {
			$this->catalogue->forget( $id );
			throw $error;
		}
	}

	/** Tells what happened to a product since it was last told. Children follow their parent's way of managing stock. */
	public function capture( int $id, string $kind = 'manual', ?string $reference = null ): void {
		if ( $this->is_copy() ) {
			return;
		}
		$children = $this->db->locked(
			function ( $state ) use ( $id, $kind, $reference ) {
				return $this->compare( $state, $id, $kind, $reference );
			}
		);
		foreach ( $children as $child ) {
			$this->db->locked(
				function ( $state ) use ( $child ) {
					return $this->compare( $state, $child, 'manual', null );
				}
			);
		}
	}

	/** Products that no hook told of: new, gone, or with another stock than the feed says. */
	public function differing( int $limit ): array {
		$posts = "SELECT ID FROM {$this->db->posts} WHERE post_type IN ('product','product_variation') AND post_status NOT IN ('trash','auto-draft')";
		$rows  = $this->db->read(
			"SELECT p.ID AS id FROM ($posts) p LEFT JOIN {$this->db->shadow} s ON s.post_id = p.ID
			LEFT JOIN {$this->db->postmeta} m ON m.post_id = p.ID AND m.meta_key = '_stock'
			WHERE s.post_id IS NULL OR s.raw_stock <> COALESCE(m.meta_value, '')
			UNION SELECT s.post_id FROM {$this->db->shadow} s LEFT JOIN ($posts) p ON p.ID = s.post_id WHERE p.ID IS NULL LIMIT %d",
			$limit
		);
		return array_map(
			static function ( $row ) {
				return (int) $row->id;
			},
			$rows
		);
	}

	/** A copy of files and database has another address: it neither tells nor takes anything. */
	public function is_copy(): bool {
		$address = $this->db->state()->address;
		return null !== $address && $address !== $this->address;
	}

	/**
	 * An administrator's word that this address is the shop. The next attaching begins a feed of its own, and the copy's
	 * hints no longer go to the node of the shop that it was copied from.
	 */
	public function claim(): void {
		$this->db->run( "UPDATE {$this->db->state} SET epoch = NULL, network = NULL, node = NULL, address = NULL, hook_url = NULL, hook_key = NULL" );
	}

	/** Rows that this request told of the shop's own changes. */
	public function told(): int {
		return $this->told;
	}

	private function assert_own(): void {
		if ( $this->is_copy() ) {
			throw new Stockmesh_Refusal( 409, 'shop-copied', 'This shop is a copy of another one. Let its administrator claim it.' );
		}
	}

	/** Under the lock: one feed row for the stock's difference, one for changed facts. Answers the children. */
	private function compare( $state, int $id, string $kind, ?string $reference ): array {
		$raw    = $this->raw_stock( $id );
		$facts  = $this->catalogue->facts( $id );
		$before = $this->shadow( $id );
		if ( ! $facts ) {
			if ( $before ) {
				if ( (int) $before->is_row ) {
					$this->append( $state, 'deleted', $id, $before, 0, null, null, null );
				}
				$this->db->run( "DELETE FROM {$this->db->shadow} WHERE post_id = %d", $id );
			}
			return array();
		}
		$whole    = self::whole( $raw );
		$level    = $facts['is_tracked'] && null !== $whole && abs( $whole ) <= self::UNITS_MAX ? $whole : null;
		$told     = $facts;
		$children = $facts['children'];
		unset( $told['is_row'], $told['is_tracked'], $told['children'] );
		// A stock that is no whole number is given as it is, so that the node names the fault.
		if ( $facts['is_tracked'] && null === $level && '' !== $raw ) {
			$told['raw'] = is_numeric( $raw ) ? (float) $raw : $raw;
		}
		$json    = wp_json_encode( $told );
		$was_row = $before && (int) $before->is_row;
		$was     = $was_row && null !== $before->level ? (int) $before->level : null;
		$delta   = null !== $was && null !== $level && $facts['is_row'] ? $level - $was : 0;
		$isnt    = ! $before || $before->facts !== $json || (bool) $was_row !== $facts['is_row'] || ( null === $was ) !== ( null === $level );
		if ( ! $isnt && 0 === $delta && $before->raw_stock === $raw ) {
			return array();
		}
		$row = (object) array(
			'post_id'   => $id,
			'is_row'    => (int) $facts['is_row'],
			'level'     => $level,
			'raw_stock' => $raw,
			'sku_key'   => Stockmesh_Sku::key( $facts['sku'] ),
			'version'   => $before ? (int) $before->version : 0,
			'facts'     => $json,
		);
		$this->db->replace( $this->db->shadow, (array) $row );
		if ( 0 !== $delta ) {
			$reference    = 'manual' === $kind && null === $reference ? "=$level" : $reference;
			$row->version = $this->append( $state, $kind, $id, $row, $delta, $level, $reference, null );
			$this->db->replace( $this->db->shadow, (array) $row );
		}
		if ( $isnt && $facts['is_row'] ) {
			$row->version = (int) $state->last_id + 1;
			$this->db->replace( $this->db->shadow, (array) $row );
			$this->append( $state, 'row', $id, $row, 0, $level, null, null );
		} elseif ( $isnt && $was_row ) {
			$this->append( $state, 'deleted', $id, $before, 0, null, null, null );
		}
		return $isnt ? $children : array();
	}

	private function fault( $row, string $key, int $delta ): ?string {
		if ( ! $row || ! (int) $row->is_row ) {
			return 'row-gone';
		}
		if ( $row->sku_key !== $key ) {
			return 'sku-changed';
		}
		if ( ! $this->is_unique( $row ) ) {
			return 'ambiguous';
		}
		if ( null === $row->level ) {
			return 'untracked';
		}
		return abs( (int) $row->level + $delta ) > self::UNITS_MAX ? 'out-of-range' : null;
	}

	private function append( $state, string $kind, int $id, $row, int $delta, ?int $stock, ?string $reference, ?string $op_id ): int {
		$this->told    += in_array( $kind, array( 'attached', 'adjust' ), true ) ? 0 : 1;
		$next           = (int) $state->last_id + 1;
		$state->last_id = $next;
		$facts          = 'row' === $kind ? wp_json_encode( $this->stock_row( $row ) ) : null;
		$sku            = $row ? json_decode( $row->facts )->sku : null;
		$this->db->insert(
			$this->db->feed,
			array(
				'id'        => $next,
				'tag'       => bin2hex( random_bytes( 8 ) ),
				'at'        => (int) floor( microtime( true ) * 1000 ),
				'kind'      => $kind,
				'post_id'   => $id,
				'sku'       => $sku,
				'is_unique' => $row && $this->is_unique( $row ) ? 1 : 0,
				'delta'     => $delta,
				'stock'     => $stock,
				'reference' => $reference,
				'op_id'     => $op_id,
				'facts'     => $facts,
			)
		);
		$this->db->run( "UPDATE {$this->db->state} SET last_id = %d", $next );
		return $next;
	}

	private function is_unique( $row ): bool {
		if ( null === $row->sku_key ) {
			return true;
		}
		return ! $this->db->read( "SELECT post_id FROM {$this->db->shadow} WHERE sku_key = %s AND is_row = 1 AND post_id <> %d LIMIT 1", $row->sku_key, $row->post_id );
	}

	private function raw_stock( int $id ): string {
		$rows = $this->db->read( "SELECT meta_value FROM {$this->db->postmeta} WHERE post_id = %d AND meta_key = '_stock' ORDER BY meta_id LIMIT 1 FOR UPDATE", $id );
		return $rows ? (string) $rows[0]->meta_value : '';
	}

	private function shadow( int $id ) {
		$rows = $this->db->read( "SELECT * FROM {$this->db->shadow} WHERE post_id = %d FOR UPDATE", $id );
		return $rows ? $rows[0] : null;
	}

	private function stock_row( $row ): array {
		$facts = json_decode( $row->facts, true );
		$raw   = $facts['raw'] ?? null;
		unset( $facts['raw'] );
		return array( 'stockId' => self::stock_id( $row->post_id ) ) + $facts + array(
			'stock'   => null === $row->level ? $raw : (int) $row->level,
			'version' => (int) $row->version,
		);
	}

	private function feed_row( $row ): array {
		return array(
			'id'        => (int) $row->id,
			'tag'       => $row->tag,
			'at'        => (int) $row->at,
			'kind'      => $row->kind,
			'stockId'   => 'attached' === $row->kind ? '' : self::stock_id( $row->post_id ),
			'sku'       => $row->sku,
			'unique'    => (bool) (int) $row->is_unique,
			'delta'     => (int) $row->delta,
			'stock'     => null === $row->stock ? null : (int) $row->stock,
			'reference' => $row->reference,
			'opId'      => $row->op_id,
			'row'       => null === $row->facts ? null : json_decode( $row->facts, true ),
		);
	}

	/** Of one length, so that the order of the texts is the order of the numbers. */
	private static function stock_id( $id ): string {
		return str_pad( (string) $id, 19, '0', STR_PAD_LEFT );
	}

	/** Where a shop is reached; http or https is the same shop. */
	private static function place( string $address ): string {
		return strtolower( rtrim( preg_replace( '#^https?://#i', '', $address ), '/' ) );
	}

	private static function whole( string $raw ): ?int {
		return preg_match( '/^-?\d{1,15}(\.0+)?$/', $raw ) ? (int) $raw : null;
	}
}
