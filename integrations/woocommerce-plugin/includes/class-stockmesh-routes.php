<?php
/**
 * The feed interface below `/wp-json/stockmesh/v1`, for keys of WooCommerce's REST interface. It answers at once: a call
 * that waits would hold one of the shop's few workers.
 *
 * @package Stockmesh
 */

defined( 'ABSPATH' ) || exit;

final class Stockmesh_Routes {
	private const SPACE          = 'stockmesh/v1';
	private const PAGE_MAX       = 1000;
	private const OPERATIONS_MAX = 100;
	private const ATTACH_SECONDS = 8;

	private $db;
	private $ledger;
	private $catalogue;
	private $hints;
	private $scan;

	public function __construct( Stockmesh_Database $db, Stockmesh_Ledger $ledger, $catalogue, Stockmesh_Hints $hints, Stockmesh_Scan $scan ) {
		$this->db        = $db;
		$this->ledger    = $ledger;
		$this->catalogue = $catalogue;
		$this->hints     = $hints;
		$this->scan      = $scan;
	}

	public function listen(): void {
		add_filter( 'woocommerce_rest_is_request_to_rest_api', array( $this, 'is_ours' ) );
		add_action( 'rest_api_init', array( $this, 'register' ) );
	}

	/** WooCommerce then checks the key, and its permission against the method. */
	public function is_ours( $is_request ) {
		$path = isset( $_SERVER['REQUEST_URI'] ) ? (string) wp_unslash( $_SERVER['REQUEST_URI'] ) : ''; // phpcs:ignore WordPress.Security
		return $is_request || false !== strpos( $path, rest_get_url_prefix() . '/' . self::SPACE . '/' );
	}

	public function register(): void {
		$this->route( 'GET', '/about', 'about' );
		// Changes nothing: WooCommerce lets it through for a key that may write.
		$this->route( 'POST', '/about', 'about' );
		$this->route( 'POST', '/hook', 'hook' );
		$this->route( 'POST', '/feed/attach', 'attach' );
		$this->route( 'GET', '/stock-rows', 'rows' );
		$this->route( 'GET', '/feed', 'feed' );
		$this->route( 'POST', '/adjust', 'adjust' );
	}

	public function about(): array {
		return array(
			'platform' => 'woocommerce',
			'version'  => WC()->version,
			'plugin'   => STOCKMESH_VERSION,
			'shopUrl'  => home_url(),
			'isCopy'   => $this->ledger->is_copy(),
			'faults'   => $this->faults(),
			'sample'   => $this->catalogue->sample(),
		);
	}

	public function hook( $request ): array {
		$this->hints->remember( (string) $request['url'], (string) $request['key'] );
		return array( 'url' => (string) $request['url'] );
	}

	public function attach( $request ): array {
		return $this->ledger->attach( (string) $request['network'], (string) $request['node'], true === $request['fresh'], self::ATTACH_SECONDS );
	}

	public function rows( $request ): array {
		return $this->ledger->rows( (string) $request['after'], self::limit( $request ) );
	}

	public function feed( $request ): array {
		$this->scan->run_if_due( (int) floor( microtime( true ) * 1000 ) );
		$tag = null === $request['tag'] ? null : (string) $request['tag'];
		return $this->ledger->feed( (string) $request['epoch'], (int) $request['after'], $tag, self::limit( $request ) );
	}

	public function adjust( $request ): array {
		$operations = $request['operations'];
		$is_valid   = is_array( $operations ) && count( $operations ) <= self::OPERATIONS_MAX;
		foreach ( $is_valid ? $operations : array() as $operation ) {
			$is_valid = $is_valid && self::is_operation( $operation );
		}
		if ( ! $is_valid ) {
			throw new Stockmesh_Refusal( 400, 'body-invalid', 'Send at most ' . self::OPERATIONS_MAX . ' operations {opId, stockId, key, delta}.' );
		}
		$results = array();
		foreach ( $operations as $operation ) {
			$results[] = $this->ledger->adjust( $operation['opId'], $operation['stockId'], $operation['key'], $operation['delta'] );
		}
		return array( 'results' => $results );
	}

	private function route( string $method, string $path, string $call ): void {
		register_rest_route(
			self::SPACE,
			$path,
			array(
				'methods'             => $method,
				'permission_callback' => static function () {
					return current_user_can( 'manage_woocommerce' );
				},
				'callback'            => function ( $request ) use ( $call ) {
					return $this->answer( $call, $request );
				},
			)
		);
	}

	private function answer( string $call, $request ) {
		nocache_headers();
		try {
			return new WP_REST_Response( $this->$call( $request ), 200 );
		} catch ( Stockmesh_Refusal $refusal ) {
			$error = array( 'code' => $refusal->kebab, 'message' => $refusal->getMessage() );
			return new WP_REST_Response( array( 'error' => $error ), $refusal->status );
		}
	}

	private function faults(): array {
		return array_keys(
			array_filter(
				array(
					'stock-not-managed' => ! $this->catalogue->manages_stock(),
					'not-transactional' => ! $this->db->is_transactional(),
					'ascii-skus-only'   => ! Stockmesh_Sku::knows_letters(),
				)
			)
		);
	}

	private static function limit( $request ): int {
		return max( 1, min( self::PAGE_MAX, (int) ( $request['limit'] ?? self::PAGE_MAX ) ) );
	}

	private static function is_operation( $operation ): bool {
		return is_array( $operation )
			&& is_string( $operation['opId'] ?? null ) && preg_match( '/^[0-9a-f]{32}$/', $operation['opId'] )
			&& is_string( $operation['stockId'] ?? null ) && strlen( $operation['stockId'] ) <= 2000
			&& is_string( $operation['key'] ?? null ) && is_int( $operation['delta'] ?? null ) && 0 !== $operation['delta'];
	}
}
