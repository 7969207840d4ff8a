<?php
/**
 * The ledger's promises against a real MariaDB: `run.php <socket>`. The database `stockmesh_test` is made anew.
 *
 * @package Stockmesh
 */

require __DIR__ . '/shop.php';
$socket = $argv[1];
( new Test_Db( $socket ) )->query( 'DROP DATABASE stockmesh_test' );
list( $ledger, $db, $catalogue, $database ) = open_ledger( $socket );

function same( $expected, $actual, string $what ): void {
	if ( $expected !== $actual ) {
		fwrite( STDERR, "$what: expected " . json_encode( $expected ) . ', got ' . json_encode( $actual ) . "\n" );
		exit( 1 );
	}
	echo "ok: $what\n";
}

function refusal( callable $call ): ?string {
	try {
		$call();
		return null;
	} catch ( Stockmesh_Refusal $refused ) {
		return $refused->kebab;
	}
}

same( true, make_tables( $db ), 'the tables are made' );
foreach ( array( array( 'A', '1000' ), array( 'B', '1.5' ), array( 'C', '7' ), array( 'c ', '8' ) ) as list( $sku, $stock ) ) {
	$catalogue->create( $sku, $stock );
}
$op     = static function ( int $n ): string {
	return str_pad( (string) $n, 32, '0', STR_PAD_LEFT );
};
$attach = $ledger->attach( 'network', 'node', false, 8 );
same( $attach, $ledger->attach( 'network', 'node', false, 8 ), 'the same node finds its epoch again' );
$page = $ledger->rows( '', 3 );
same( array( 1000, 1.5, 7 ), array_column( $page['items'], 'stock' ), 'a page tells the stock, and half a unit as it is' );
same( array( 8 ), array_column( $ledger->rows( $page['next'], 3 )['items'], 'stock' ), 'the next page goes on' );

same( 'applied', $ledger->adjust( $op( 1 ), '1', 'a', -5 )['status'], 'an adjustment is applied' );
same( 'repeated', $ledger->adjust( $op( 1 ), '1', 'a', -5 )['status'], 'the same one is not applied again' );
foreach ( array( array( '9', 'x', 'row-gone' ), array( 'no-such-row', 'x', 'row-gone' ), array( '1', 'b', 'sku-changed' ), array( '3', 'c', 'ambiguous' ), array( '2', 'b', 'untracked' ) ) as list( $id, $key, $code ) ) {
	same( $code, $ledger->adjust( $op( 2 ), $id, $key, 1 )['code'] ?? null, "refused: $code" );
}
$catalogue->is_silent = true;
same( 'stock-not-moved', refusal( function () use ( $ledger, $op ) { $ledger->adjust( $op( 3 ), '1', 'a', 1 ); } ), 'a write without effect is no success' );
$catalogue->is_silent = false;
same( 'applied', $ledger->adjust( $op( 3 ), '1', 'a', 1 )['status'], 'and left nothing, so it can be tried again' );

$processes = array();
foreach ( array( 'sell', 'adjust', 'sell', 'adjust' ) as $what ) {
	$processes[] = proc_open( array( PHP_BINARY, __DIR__ . '/buyer.php', $socket, $what, '50' ), array(), $pipes );
}
foreach ( $processes as $process ) {
	same( 0, proc_close( $process ), 'a buyer or a node ends well' );
}
same( 996 - 100 + 200, $ledger->rows( '', 1 )['items'][0]['stock'], 'two buyers and two nodes at once lose nothing' );

$db->query( "UPDATE wp_postmeta SET meta_value = 500 WHERE post_id = 1" );
$db->query( 'DELETE FROM wp_posts WHERE ID = 4' );
foreach ( $ledger->differing( 100 ) as $id ) {
	$ledger->capture( $id );
}
$feed  = $ledger->feed( $attach['epoch'], 0, null, 1000 );
$moved = array_filter( $feed['rows'], static function ( $row ) { return (int) $row['stockId'] === 1; } );
same( range( 1, $feed['end'] ), array_column( $feed['rows'], 'id' ), 'the ids of the feed are dense' );
same( -500, array_sum( array_column( $moved, 'delta' ) ), 'the sum of the feed is the movement of the stock' );
same( array( 'deleted' ), array_slice( array_column( array_filter( $feed['rows'], static function ( $row ) { return (int) $row['stockId'] === 4; } ), 'kind' ), -1 ), 'a product that went is told' );
same( 'applied', $ledger->adjust( $op( 4 ), '3', 'c', 1 )['status'], 'with it its SKU is no longer twice' );
same( array(), $ledger->differing( 100 ), 'the scan finds nothing more' );
same( 'feed-epoch-changed', refusal( function () use ( $ledger ) { $ledger->feed( 'other', 0, null, 10 ); } ), 'another epoch is refused' );
same( 'feed-rolled-back', refusal( function () use ( $ledger, $attach ) { $ledger->feed( $attach['epoch'], 1, 'ffffffffffffffff', 10 ); } ), 'another tag is a feed that was rolled back' );


$last   = end( $feed['rows'] );
$ledger->feed( $attach['epoch'], $last['id'], $last['tag'], 1000 );
$pruner = new Stockmesh_Pruner( $database );
$now    = (int) floor( microtime( true ) * 1000 );
same( 0, $pruner->prune( $now ), 'what is young is kept, read or not' );
$end = $feed['end'] + 1;
$catalogue->add( 1, -1 );
$ledger->capture( 1, 'sale', 'late' );
$db->query( 'UPDATE wp_stockmesh_feed SET at = at - 8640000000' );
same( true, $pruner->prune( $now ) > 0, 'what was read long ago is taken away' );
same( array( 'adjust' ), array_values( array_unique( array_column( $db->get_results( "SELECT kind FROM wp_stockmesh_feed WHERE id < {$last['id']}" ), 'kind' ) ) ), 'but not the keys of operations' );
same( 'repeated', $ledger->adjust( $op( 1 ), '1', 'a', -5 )['status'], 'so an old adjustment is still not made again' );
same( array( $end, $end + 1 ), array_column( $ledger->feed( $attach['epoch'], $last['id'], $last['tag'], 10 )['rows'], 'id' ), 'and not what was not read yet' );
same( 'feed-rolled-back', refusal( function () use ( $ledger, $attach ) { $ledger->feed( $attach['epoch'], 1, null, 10 ); } ), 'who comes back from before begins anew' );
$db->query( 'UPDATE wp_stockmesh_feed SET at = at - 86400000000' );
$pruner->prune( $now );
same( 'applied', $ledger->adjust( $op( 1 ), '1', 'a', 1 )['status'], 'after two years a key is forgotten' );

$catalogue->add( 1, -3 );
$scan = new Stockmesh_Scan( $database, $ledger, $pruner );
$end  = (int) $database->state()->last_id;
same( true, $scan->run_if_due( $now ), 'what a killed request did is looked for' );
same( array( -3 ), array_column( $ledger->feed( $attach['epoch'], $end, null, 10 )['rows'], 'delta' ), 'and found' );
same( false, $scan->run_if_due( $now + 1000 ), 'once in five minutes' );

list( $copy ) = open_ledger( $socket, 'https://staging.example' );
same( 'shop-copied', refusal( function () use ( $copy, $op ) { $copy->adjust( $op( 5 ), '1', 'a', 1 ); } ), 'a copied shop takes nothing' );
list( $secure ) = open_ledger( $socket, 'http://Shop.example/' );
same( false, $secure->is_copy(), 'the same shop over http is no copy' );
$copy->claim();
same( 'feed-rolled-back', refusal( function () use ( $copy, $attach ) { $copy->feed( $attach['epoch'], 1, null, 10 ); } ), 'claimed, it has no feed until its node attaches' );
same( false, $copy->attach( 'network', 'node', false, 8 )['epoch'] === $attach['epoch'], 'claimed, it has an epoch of its own' );
