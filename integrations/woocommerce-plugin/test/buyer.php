<?php
/**
 * One buyer, or one node, as a process of its own: `buyer.php <socket> <sell|adjust> <times>`.
 *
 * @package Stockmesh
 */

require __DIR__ . '/shop.php';
list( , $socket, $what, $times ) = $argv;
list( $ledger, $db, $catalogue ) = open_ledger( $socket );
for ( $n = 0; $n < (int) $times; $n++ ) {
	if ( 'sell' === $what ) {
		$catalogue->add( 1, -1 );
		$ledger->capture( 1, 'sale', "order $n" );
		continue;
	}
	$operation = bin2hex( random_bytes( 16 ) );
	$ledger->adjust( $operation, '1', 'a', 2 );
	// The answer was lost: the node sends the same operation again.
	$ledger->adjust( $operation, '1', 'a', 2 );
}
