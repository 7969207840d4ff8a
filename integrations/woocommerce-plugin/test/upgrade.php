<?php
/**
 * Tables of earlier releases on disk, brought to this one, against a real MariaDB: `upgrade.php <socket>`. Nothing that they
 * hold may be lost: the feed with its ids and tags, the keys of operations, what was told of each product.
 *
 * @package Stockmesh
 */

require __DIR__ . '/shop.php';
$socket = $argv[1];

/** The tables as each earlier release made them. */
const OLD_TABLES = array(
	'0.1.0, before the feed was shortened'     => array(
		'state' => 'id TINYINT NOT NULL PRIMARY KEY, epoch CHAR(16) NULL, start_id BIGINT NOT NULL DEFAULT 0,
			last_id BIGINT NOT NULL DEFAULT 0, network VARCHAR(191) NULL, node VARCHAR(191) NULL, address VARCHAR(500) NULL',
		'keys'  => 'UNIQUE KEY op_id (op_id)',
	),
	'0.2.0, before it looked every five minutes' => array(
		'state' => 'id TINYINT NOT NULL PRIMARY KEY, epoch CHAR(16) NULL, start_id BIGINT NOT NULL DEFAULT 0,
			last_id BIGINT NOT NULL DEFAULT 0, network VARCHAR(191) NULL, node VARCHAR(191) NULL, address VARCHAR(500) NULL,
			acknowledged_id BIGINT NOT NULL DEFAULT 0, pruned_id BIGINT NOT NULL DEFAULT 0,
			hook_url VARCHAR(500) NULL, hook_key VARCHAR(100) NULL',
		'keys'  => 'UNIQUE KEY op_id (op_id), KEY kind_at (kind, at)',
	),
);
const OLD_FEED   = 'id BIGINT NOT NULL PRIMARY KEY, tag CHAR(16) NOT NULL, at BIGINT NOT NULL, kind VARCHAR(8) NOT NULL,
	post_id BIGINT NOT NULL, sku VARCHAR(500) NULL, is_unique TINYINT NOT NULL, delta BIGINT NOT NULL,
	stock BIGINT NULL, reference VARCHAR(100) NULL, op_id CHAR(32) NULL, facts LONGTEXT NULL';

function same( $expected, $actual, string $what ): void {
	if ( $expected !== $actual ) {
		fwrite( STDERR, "$what: expected " . json_encode( $expected ) . ', got ' . json_encode( $actual ) . "\n" );
		exit( 1 );
	}
	echo "ok: $what\n";
}

function contents( Test_Db $db, string $table, string $columns ): array {
	return $db->get_results( "SELECT $columns FROM wp_stockmesh_$table ORDER BY 1" );
}

function columns( Test_Db $db, string $table ): string {
	return implode( ',', array_column( $db->get_results( "SHOW COLUMNS FROM wp_stockmesh_$table" ), 'Field' ) );
}

/** Makes a table anew as an earlier release has made it, with what is in it. */
function as_before( Test_Db $db, string $table, string $definition ): void {
	$options = 'ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
	foreach ( array( "RENAME TABLE wp_stockmesh_$table TO new_$table", "CREATE TABLE wp_stockmesh_$table ( $definition ) $options" ) as $statement ) {
		same( 0, $db->query( $statement ), "an earlier $table" );
	}
	$columns = columns( $db, $table );
	same( true, $db->query( "INSERT INTO wp_stockmesh_$table ($columns) SELECT $columns FROM new_$table" ) > 0, 'with what was in it' );
	$db->query( "DROP TABLE new_$table" );
}

foreach ( OLD_TABLES as $release => $tables ) {
	( new Test_Db( $socket ) )->query( 'DROP DATABASE stockmesh_test' );
	list( $ledger, $db, $catalogue, $database ) = open_ledger( $socket );
	make_tables( $db );
	$whole = array( columns( $db, 'state' ), columns( $db, 'feed' ), columns( $db, 'shadow' ) );
	foreach ( array( 'A' => 10, 'æ' => 20 ) as $sku => $stock ) {
		$catalogue->create( $sku, (string) $stock );
	}
	$attach = $ledger->attach( 'network', 'node', false, 8 );
	$op     = str_repeat( 'a', 32 );
	$ledger->adjust( $op, '1', 'a', -3 );
	$catalogue->add( 2, -4 );
	$ledger->capture( 2, 'sale', '1001' );

	as_before( $db, 'state', $tables['state'] );
	as_before( $db, 'feed', OLD_FEED . ', ' . $tables['keys'] );
	delete_option( 'stockmesh_schema' );
	$kept = array( columns( $db, 'state' ), contents( $db, 'feed', '*' ), contents( $db, 'shadow', '*' ) );
	$was  = contents( $db, 'state', $kept[0] );
	same( false, false !== strpos( $kept[0], 'scanned_at' ), "$release: the tables lack what came later" );

	$GLOBALS['wpdb'] = $db;
	same( true, Stockmesh_Schema::upgrade_if_due(), "$release: the first request brings them to this release" );
	same( $whole, array_map( function ( $table ) use ( $db ) {
		$names = explode( ',', columns( $db, $table ) );
		return implode( ',', $names );
	}, array( 'state', 'feed', 'shadow' ) ), "$release: with every column" );
	same( true, in_array( 'kind_at', array_column( $db->get_results( 'SHOW INDEX FROM wp_stockmesh_feed' ), 'Key_name' ), true ), "$release: and every key" );
	same( json_encode( array( $was, $kept[1], $kept[2] ) ), json_encode( array( contents( $db, 'state', $kept[0] ), contents( $db, 'feed', '*' ), contents( $db, 'shadow', '*' ) ) ), "$release: nothing is lost" );

	same( $attach, $ledger->attach( 'network', 'node', false, 8 ), "$release: the node finds its epoch again" );
	same( 'repeated', $ledger->adjust( $op, '1', 'a', -3 )['status'], "$release: an operation from before is not made again" );
	same( array( 7, 16 ), array_column( $ledger->rows( '', 9 )['items'], 'stock' ), "$release: the stock is what it was" );
	$end = (int) $database->state()->last_id;
	$catalogue->add( 1, -1 );
	$ledger->capture( 1, 'sale', '1002' );
	same( array( array( $end + 1, -1 ) ), array_map( function ( $row ) {
		return array( $row['id'], $row['delta'] );
	}, $ledger->feed( $attach['epoch'], $end, null, 9 )['rows'] ), "$release: and the feed goes on" );
}

$db->query( 'ALTER TABLE wp_stockmesh_state DROP COLUMN scanned_at' );
same( true, Stockmesh_Schema::upgrade_if_due(), 'what is known to be whole is not looked at again' );
same( false, false !== strpos( columns( $db, 'state' ), 'scanned_at' ), 'in any request' );
delete_option( 'stockmesh_schema' );
$db->query( 'ALTER TABLE wp_stockmesh_state DROP COLUMN hook_key, ADD COLUMN of_a_later_release INT NULL' );
same( true, Stockmesh_Schema::upgrade_if_due(), 'an upgrade that was broken off goes on' );
same( true, false !== strpos( columns( $db, 'state' ), 'of_a_later_release' ), 'and takes away nothing that a later release has added' );
$holder = new Test_Db( $socket );
$holder->get_results( "SELECT GET_LOCK('stockmesh wp_schema', 0)" );
delete_option( 'stockmesh_schema' );
same( false, Stockmesh_Schema::upgrade_if_due(), 'while another request is at it this one leaves it alone' );
same( false, get_option( 'stockmesh_schema' ), 'and does not take it for done' );
