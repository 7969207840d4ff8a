<?php
/**
 * The text on which shops agree that two products are the same goods: the node's rule for SKU keys.
 *
 * @package Stockmesh
 */

defined( 'ABSPATH' ) || exit;

final class Stockmesh_Sku {
	/** White space as the node trims it. */
	private const SPACE = '[\x{9}-\x{d}\x{20}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}]';

	/**
	 * Null: such a SKU is not synchronised. Without PHP's intl and mbstring only ASCII has a key, since a wrong one would
	 * move another product's stock.
	 */
	public static function key( ?string $sku ): ?string {
		$text = preg_replace( '/^' . self::SPACE . '+|' . self::SPACE . '+$/u', '', (string) $sku );
		if ( null === $text || '' === $text ) {
			return null;
		}
		if ( ! preg_match( '/[^\x00-\x7f]/', $text ) ) {
			return strlen( $text ) > 500 ? null : strtr( $text, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz' );
		}
		if ( ! self::knows_letters() ) {
			return null;
		}
		$key = Normalizer::normalize( mb_strtolower( Normalizer::normalize( $text, Normalizer::FORM_C ), 'UTF-8' ), Normalizer::FORM_C );
		return mb_strlen( $key, 'UTF-8' ) > 500 ? null : $key;
	}

	/** WordPress brings a part of mbstring along, which does not know small and capital letters. */
	public static function knows_letters(): bool {
		return class_exists( 'Normalizer' ) && extension_loaded( 'mbstring' );
	}
}
