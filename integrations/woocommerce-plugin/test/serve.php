<?php
/**
 * The plugin's routes in PHP's own web server, for the conformance suite of connectors: what they need of WordPress, and
 * what customers and staff do, below `/test`. WooCommerce's keys are not checked here.
 *
 * @package Stockmesh
 */

require __DIR__ . '/shop.php';
const STOCKMESH_VERSION = 'test';
require __DIR__ . '/../includes/class-stockmesh-hints.php';
require __DIR__ . '/../includes/class-stockmesh-routes.php';

final class WP_REST_Response {
	public $data;
	public $status;

	public function __construct( $data, int $status ) {
		$this->data   = $data;
		$this->status = $status;
	}
}

/** Parameters of the query and of the body, as WordPress gives them to a route. */
final class Test_Request implements ArrayAccess {
	private $values;

	public function __construct() {
		$body         = json_decode( (string) file_get_contents( 'php://input' ), true );
		$this->values = $_GET + ( is_array( $body ) ? $body : array() );
	}

	public function offsetExists( $name ): bool {
		return isset( $this->values[ $name ] );
	}

	#[ReturnTypeWillChange]
	public function offsetGet( $name ) {
		return $this->values[ $name ] ?? null;
	}

	public function offsetSet( $name, $value ): void {}

	public function offsetUnset( $name ): void {}
}

$routes = array();
function register_rest_route( string $space, string $path, array $route ): void {
	$GLOBALS['routes'][ $route['methods'] . " /wp-json/$space$path" ] = $route['callback'];
}
function nocache_headers(): void {}
function home_url(): string {
	return 'http://' . $_SERVER['HTTP_HOST'];
}
function WC() {
	return (object) array( 'version' => '11.0.1' );
}
function respond( int $status, $data ): void {
	http_response_code( $status );
	header( 'Content-Type: application/json; charset=UTF-8' );
	echo json_encode( $data );
}

// One address for all, since the suite reaches the shop through a line of its own; a copy has another one.
$address_file = getenv( 'STOCKMESH_TEST_SOCKET' ) . '.address';
$address      = is_file( $address_file ) ? file_get_contents( $address_file ) : 'https://shop.example';
list( $ledger, $db, $catalogue, $database ) = open_ledger( getenv( 'STOCKMESH_TEST_SOCKET' ), $address );
( new Stockmesh_Routes( $database, $ledger, $catalogue, new Stockmesh_Hints( $database, $ledger ), new Stockmesh_Scan( $database, $ledger, new Stockmesh_Pruner( $database ) ) ) )->register();
$path    = parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH );
$request = new Test_Request();
$route   = $_SERVER['REQUEST_METHOD'] . ' ' . $path;
if ( isset( $routes[ $route ] ) ) {
	$answer = $routes[ $route ]( $request );
	respond( $answer->status, $answer->data );
	return;
}
$id = (int) $request['id'];
switch ( $path ) {
	case '/test/begin':
		$db->query( 'DROP DATABASE stockmesh_test' );
		$db = new Test_Db( getenv( 'STOCKMESH_TEST_SOCKET' ) );
		respond( 200, array( 'isMade' => make_tables( $db ) ) );
		return;
	case '/test/address':
		file_put_contents( $address_file, $request['address'] );
		respond( 200, array() );
		return;
	case '/test/claim':
		$ledger->claim();
		respond( 200, array() );
		return;
	case '/test/create':
		$id = $catalogue->create( $request['sku'], $request['stock'], $request['type'] ?? ( null === $request['stock'] ? 'no' : 'yes' ) );
		foreach ( $request['variants'] ?? array() as $sku ) {
			$catalogue->create( $sku, '', 'parent', $id );
		}
		break;
	case '/test/sell':
		$order = bin2hex( random_bytes( 3 ) );
		$catalogue->add( $id, -$request['units'] );
		$ledger->capture( $id, 'sale', (string) hexdec( $order ) );
		respond( 200, array( 'id' => hexdec( $order ) ) );
		return;
	case '/test/cancel':
		$catalogue->add( (int) $request['stockId'], $request['units'] );
		$ledger->capture( (int) $request['stockId'], 'cancel', (string) $id );
		break;
	case '/test/fraction':
		$db->query( $db->prepare( "UPDATE wp_postmeta SET meta_value = '0.5' WHERE post_id = %d AND meta_key = '_stock'", $id ) );
		break;
	case '/test/type':
		$db->query( $db->prepare( 'UPDATE wp_posts SET manages = %s WHERE ID = %d', null === $request['stock'] ? 'no' : 'yes', $id ) );
		$db->query( $db->prepare( "UPDATE wp_postmeta SET meta_value = %s WHERE post_id = %d AND meta_key = '_stock'", (string) $request['stock'], $id ) );
		break;
	case '/test/rename':
		$db->query( $db->prepare( 'UPDATE wp_posts SET sku = %s WHERE ID = %d', $request['sku'], $id ) );
		break;
	case '/test/remove':
		$db->query( $db->prepare( 'DELETE FROM wp_posts WHERE ID = %d', $id ) );
		break;
	case '/test/stock':
		$rows = $db->get_results( $db->prepare( "SELECT manages, meta_value FROM wp_posts JOIN wp_postmeta ON post_id = ID WHERE ID = %d", $id ) );
		respond( 200, array( 'stock' => in_array( $rows[0]->manages, array( 'yes', 'bundle' ), true ) ? 0 + $rows[0]->meta_value : null ) );
		return;
	default:
		respond( 404, array( 'code' => 'rest_no_route' ) );
		return;
}
$ledger->capture( $id );
respond( 200, array( 'id' => $id ) );
