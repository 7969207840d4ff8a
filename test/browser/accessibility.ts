/** What axe finds on a page as it stands: by rule, with the elements that it is about. */
import axe from 'axe-core'
import type { Page } from 'playwright-core'

interface AxeFinding {
  readonly id: string
  readonly help: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

export async function accessibilityFindings(page: Page): Promise<readonly string[]> {
  // Between the looks of axe a button that is done would be pale and pressable at once.
  await page.locator('button[aria-busy=true]').first().waitFor({ state: 'detached' })
  await page.evaluate(axe.source)
  const violations = await page.evaluate<readonly AxeFinding[]>('axe.run().then(({ violations }) => violations)')
  return violations.map(({ id, help, nodes }) =>
    [`${page.url()}: ${id}, ${help}`, ...nodes.map((node) => `${node.html} ${node.failureSummary ?? ''}`)].join('\n  '),
  )
}
