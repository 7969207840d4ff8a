/** The head and foot of the shop's pages. */
import { useSignalEffect } from '@preact/signals'
import type { ComponentChildren, JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { LanguageSwitch } from '../parts/language-switch.tsx'
import { language } from '../text/language.ts'
import { text } from './shop-language.ts'
import { shopSession } from './shop-session.ts'

interface ShopFrameProps {
  readonly title: string
  readonly links: ComponentChildren
  readonly children: ComponentChildren
}

export function ShopFrame({ title, links, children }: ShopFrameProps): JSX.Element {
  const name = shopSession.value?.name ?? text.value.storefront
  useSignalEffect(() => {
    document.documentElement.lang = language.value
  })
  useEffect(() => {
    document.title = `${title} · ${name}`
  }, [title, name])
  return (
    <>
      <header class="header header-shop">
        <div class="header-top">
          <a class="brand" href="/shop/">
            <span class="brand-mark brand-mark-shop" aria-hidden="true" />
            <span class="brand-name">{name}</span>
          </a>
          <div class="header-tools">
            {links}
            <LanguageSwitch label={text.value.language} />
          </div>
        </div>
      </header>
      <main aria-label={title}>{children}</main>
    </>
  )
}
