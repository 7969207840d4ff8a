/**
 * A link to an address that somebody else wrote: only http and https are followed, anything else stays text. It opens
 * beside the page, to which the other side has no way back.
 */
import type { ComponentChildren, JSX } from 'preact'

export function SafeLink({
  href,
  children,
}: {
  readonly href: string
  readonly children: ComponentChildren
}): JSX.Element {
  return /^(https?:\/\/|\/(?!\/))/i.test(href) ? (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  ) : (
    <span>{children}</span>
  )
}
