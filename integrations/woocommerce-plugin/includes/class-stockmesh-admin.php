<?php
/**
 * WooCommerce > Stockmesh: where the node is, how far it has read, and the administrator's word for a shop that has
 * another address than the one whose feed it keeps.
 *
 * @package Stockmesh
 */

defined( 'ABSPATH' ) || exit;

final class Stockmesh_Admin {
	private const PAGE  = 'stockmesh';
	private const RIGHT = 'manage_woocommerce';

	private $db;
	private $ledger;

	public function __construct( Stockmesh_Database $db, Stockmesh_Ledger $ledger ) {
		$this->db     = $db;
		$this->ledger = $ledger;
	}

	public function listen(): void {
		add_action( 'admin_menu', array( $this, 'add' ), 60 );
		add_action( 'admin_notices', array( $this, 'warn' ) );
		add_action( 'admin_post_stockmesh_save', array( $this, 'save' ) );
		add_action( 'admin_post_stockmesh_claim', array( $this, 'claim' ) );
	}

	public function add(): void {
		add_submenu_page( 'woocommerce', 'Stockmesh', 'Stockmesh', self::RIGHT, self::PAGE, array( $this, 'show' ) );
	}

	public function warn(): void {
		if ( current_user_can( self::RIGHT ) && $this->ledger->is_copy() ) {
			printf(
				'<div class="notice notice-error"><p>%s <a href="%s">Stockmesh</a></p></div>',
				esc_html__( 'Stockmesh: this shop is a copy of another one, so its stock is not kept in step.', 'stockmesh' ),
				esc_url( admin_url( 'admin.php?page=' . self::PAGE ) )
			);
		}
	}

	public function save(): void {
		$this->assert_may( 'stockmesh_save' );
		$entered = isset( $_POST['node_url'] ) ? sanitize_text_field( wp_unslash( $_POST['node_url'] ) ) : ''; // phpcs:ignore WordPress.Security.NonceVerification
		$url     = '' === $entered ? '' : Stockmesh_Discovery::address( $entered );
		if ( null !== $url ) {
			update_option( Stockmesh_Discovery::OPTION, $url, false );
		}
		$this->leave( null === $url ? 'address' : 'saved' );
	}

	public function claim(): void {
		$this->assert_may( 'stockmesh_claim' );
		$this->ledger->claim();
		$this->leave( 'claimed' );
	}

	public function show(): void {
		$state    = $this->db->state();
		$sentence = $state->epoch
			? __( 'A node is attached. It has read the feed up to row %1$d of %2$d.', 'stockmesh' )
			: __( 'No node is attached yet. Make a key under WooCommerce > Settings > Advanced > REST API with the permission Read/Write, and enter it at the node.', 'stockmesh' );
		echo '<div class="wrap"><h1>Stockmesh</h1>';
		$this->show_outcome();
		printf( '<p>%s</p>', esc_html( sprintf( $sentence, $state->acknowledged_id, $state->last_id ) ) );
		if ( ! $this->db->is_transactional() ) {
			printf( '<p><strong>%s</strong></p>', esc_html__( 'The tables of WordPress must be InnoDB, or a number could be wrong after a crash. Ask your host to convert them.', 'stockmesh' ) );
		}
		$this->show_address_form();
		if ( $this->ledger->is_copy() ) {
			$this->show_claim_form();
		}
		echo '</div>';
	}

	private function show_outcome(): void {
		$sentences = array(
			'saved'   => __( 'Saved.', 'stockmesh' ),
			'address' => __( 'That is no address. Write it as https://node.example, without anything behind it.', 'stockmesh' ),
			'claimed' => __( 'This shop begins a feed of its own when its node attaches. Delete the keys that were copied, and make new ones for its node.', 'stockmesh' ),
		);
		$outcome   = isset( $_GET['outcome'] ) ? sanitize_key( wp_unslash( $_GET['outcome'] ) ) : ''; // phpcs:ignore WordPress.Security.NonceVerification
		if ( isset( $sentences[ $outcome ] ) ) {
			printf( '<div class="notice notice-%s"><p>%s</p></div>', 'address' === $outcome ? 'error' : 'success', esc_html( $sentences[ $outcome ] ) );
		}
	}

	private function show_address_form(): void {
		printf(
			'<form method="post" action="%s"><input type="hidden" name="action" value="stockmesh_save">%s
			<p><label for="stockmesh-node">%s</label><br><input class="regular-text" id="stockmesh-node" name="node_url" type="url" value="%s"></p>
			<p class="description">%s</p>%s</form>',
			esc_url( admin_url( 'admin-post.php' ) ),
			wp_nonce_field( 'stockmesh_save', '_wpnonce', true, false ),
			esc_html__( 'Address of the node of this shop', 'stockmesh' ),
			esc_attr( (string) get_option( Stockmesh_Discovery::OPTION, '' ) ),
			esc_html__( 'As other shops reach it. Whoever wants to join then types the domain of this shop. It is public.', 'stockmesh' ),
			get_submit_button()
		);
	}

	private function show_claim_form(): void {
		printf(
			'<h2>%s</h2><p>%s</p><form method="post" action="%s"><input type="hidden" name="action" value="stockmesh_claim">%s%s</form>',
			esc_html__( 'This shop is a copy of another one', 'stockmesh' ),
			esc_html__( 'Its database was kept in step at another address. A test copy is left as it is. If the shop has moved here, or is to be a shop of its own, say so.', 'stockmesh' ),
			esc_url( admin_url( 'admin-post.php' ) ),
			wp_nonce_field( 'stockmesh_claim', '_wpnonce', true, false ),
			get_submit_button( __( 'This is a shop of its own', 'stockmesh' ), 'secondary' )
		);
	}

	private function assert_may( string $action ): void {
		check_admin_referer( $action );
		if ( ! current_user_can( self::RIGHT ) ) {
			wp_die( esc_html__( 'You may not do this.', 'stockmesh' ), '', array( 'response' => 403 ) );
		}
	}

	private function leave( string $outcome ): void {
		wp_safe_redirect( admin_url( 'admin.php?page=' . self::PAGE . '&outcome=' . $outcome ) );
		exit;
	}
}
