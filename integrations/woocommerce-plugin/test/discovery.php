<?php
/**
 * What `/.well-known/stockmesh` answers, without a database: `discovery.php`.
 *
 * @package Stockmesh
 */

define( 'ABSPATH', __DIR__ );

$kept = '';
function get_option(): string {
	return $GLOBALS['kept'];
}
function wp_parse_url( string $url, int $component = -1 ) {
	return parse_url( $url, $component );
}
function wp_unslash( $value ) {
	return $value;
}
function nocache_headers(): void {}
final class Test_Sent extends Exception {}
function wp_send_json( $data, int $status = 200 ): void {
	throw new Test_Sent( $status . ' ' . json_encode( $data, JSON_UNESCAPED_SLASHES ) );
}
require __DIR__ . '/../includes/class-stockmesh-discovery.php';

function same( $expected, $actual, string $what ): void {
	if ( $expected !== $actual ) {
		fwrite( STDERR, "$what: expected " . json_encode( $expected ) . ', got ' . json_encode( $actual ) . "\n" );
		exit( 1 );
	}
	echo "ok: $what\n";
}

/** null: the shop goes on as without the plugin. */
function answer( string $uri ): ?string {
	$_SERVER['REQUEST_URI'] = $uri;
	try {
		( new Stockmesh_Discovery() )->serve();
		return null;
	} catch ( Test_Sent $sent ) {
		return $sent->getMessage();
	}
}

$told = (string) answer( '/.well-known/stockmesh' );
same( '404 ', substr( $told, 0, 4 ), 'a shop that was told no node has none' );
same( true, false !== strpos( $told, '"code":"node-not-found"' ), 'and says so with a code' );
$kept = 'https://node.example';
same( '200 {"url":"https://node.example"}', answer( '/.well-known/stockmesh?x=1' ), 'the address that was entered is told' );
same( null, answer( '/.well-known/other' ), 'other pages are the shop\'s' );
same( null, answer( '/shop/.well-known/stockmesh' ), 'in a folder as well' );
same( 'https://node.example', Stockmesh_Discovery::address( ' https://node.example/ ' ), 'an address is kept without its slash' );
foreach ( array( 'node.example', 'ftp://node.example', 'https://user@node.example', 'https://node.example/?key=1' ) as $none ) {
	same( null, Stockmesh_Discovery::address( $none ), "$none is none" );
}
