import { fileURLToPath } from 'node:url'
import preact from '@preact/preset-vite'
import { defineConfig } from 'vite'

function page(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

export default defineConfig({
  plugins: [preact()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    // A data: address inside a style or page would not pass the strict content policy.
    assetsInlineLimit: 0,
    rollupOptions: { input: [page('index.html'), page('shop.html'), page('shop-admin.html')] },
  },
})
