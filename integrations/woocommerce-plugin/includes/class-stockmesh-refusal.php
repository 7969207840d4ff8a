<?php
/**
 * A refusal that the node understands, with its HTTP status.
 *
 * @package Stockmesh
 */

defined( 'ABSPATH' ) || exit;

final class Stockmesh_Refusal extends Exception {
	public $kebab;
	public $status;

	public function __construct( int $status, string $kebab, string $message ) {
		parent::__construct( $message );
		$this->kebab  = $kebab;
		$this->status = $status;
	}
}
