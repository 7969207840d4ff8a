<?php
/**
 * `/.well-known/stockmesh`: whoever types the shop's domain finds the node beside it. Public, and it says only what the
 * shop's administrator entered.
 *
 * @package Stockmesh
 */

defined( 'ABSPATH' ) || exit;

final class Stockmesh_Discovery {
	public const OPTION = 'stockmesh_node_url';
	private const PATH  = '/.well-known/stockmesh';

	public function listen(): void {
		add_action( 'init', array( $this, 'serve' ), 1 );
	}

	public function serve(): void {
		$path = isset( $_SERVER['REQUEST_URI'] ) ? wp_parse_url( (string) wp_unslash( $_SERVER['REQUEST_URI'] ), PHP_URL_PATH ) : ''; // phpcs:ignore WordPress.Security
		if ( self::PATH !== $path ) {
			return;
		}
		$url = (string) get_option( self::OPTION, '' );
		nocache_headers();
		if ( '' === $url ) {
			wp_send_json( array( 'error' => array( 'code' => 'node-not-found', 'message' => 'The shop was not told the address of its node.' ) ), 404 );
		}
		wp_send_json( array( 'url' => $url ) );
	}

	/** The address as it is kept, or null: it is none. */
	public static function address( string $entered ): ?string {
		$url   = rtrim( trim( $entered ), '/' );
		$parts = wp_parse_url( $url );
		$is    = is_array( $parts ) && in_array( $parts['scheme'] ?? '', array( 'http', 'https' ), true ) && ! empty( $parts['host'] )
			&& ! isset( $parts['user'] ) && ! isset( $parts['query'] ) && ! isset( $parts['fragment'] ) && strlen( $url ) <= 500;
		return $is ? $url : null;
	}
}
