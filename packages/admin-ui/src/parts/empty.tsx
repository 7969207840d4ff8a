/** What a list says when it has no rows. */
import type { ComponentChildren, JSX } from 'preact'

export function Empty({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return <div class="empty">{children}</div>
}
