<?php
/**
 * Tells the node that something moved, and nothing more: a hint that is lost, doubled or late changes nothing, so none is
 * repeated. It goes out when the customer's answer is already written.
 *
 * @package Stockmesh
 */

defined( 'ABSPATH' ) || exit;

final class Stockmesh_Hints {
	private const SECONDS_MAX = 1;
	/** A node that does not answer must not slow every checkout. */
	private const REST_SECONDS = 30;
	private const REST         = 'stockmesh_hints_rest';

	private $db;
	private $ledger;

	public function __construct( Stockmesh_Database $db, Stockmesh_Ledger $ledger ) {
		$this->db     = $db;
		$this->ledger = $ledger;
	}

	public function listen(): void {
		add_action( 'shutdown', array( $this, 'tell' ), PHP_INT_MAX );
	}

	/** The node's own word of where it is and of the key that it knows. */
	public function remember( string $url, string $key ): void {
		$is_url = strlen( $url ) <= 500 && in_array( wp_parse_url( $url, PHP_URL_SCHEME ), array( 'http', 'https' ), true );
		if ( ! $is_url || ! preg_match( '/^[0-9a-f]{64}$/', $key ) ) {
			throw new Stockmesh_Refusal( 400, 'body-invalid', 'Send the address for hints and a key of 64 hexadecimal digits.' );
		}
		$this->db->run( "UPDATE {$this->db->state} SET hook_url = %s, hook_key = %s", $url, $key );
		delete_transient( self::REST );
	}

	public function tell(): void {
		if ( 0 === $this->ledger->told() || get_transient( self::REST ) ) {
			return;
		}
		try {
			$state = $this->db->state();
			if ( $state->hook_url && ! $this->ledger->is_copy() ) {
				$this->send( $state->hook_url, $state->hook_key );
			}
		} catch ( Throwable $error ) {
			// The node looks by itself as well.
			wc_get_logger()->warning( $error->getMessage(), array( 'source' => 'stockmesh' ) );
		}
	}

	private function send( string $url, string $key ): void {
		if ( function_exists( 'fastcgi_finish_request' ) ) {
			fastcgi_finish_request();
		}
		$body   = wp_json_encode( array( 'at' => (int) floor( microtime( true ) * 1000 ) ) );
		$answer = wp_remote_post(
			$url,
			array(
				'timeout'     => self::SECONDS_MAX,
				'redirection' => 0,
				'headers'     => array(
					'Content-Type'        => 'application/json',
					'Stockmesh-Signature' => 'v1=' . hash_hmac( 'sha256', $body, $key ),
				),
				'body'        => $body,
			)
		);
		if ( is_wp_error( $answer ) ) {
			set_transient( self::REST, 1, self::REST_SECONDS );
		}
	}
}
