import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // End-to-end tests wait more than they work: on the smallest machine two files run beside each other.
    maxWorkers: 2,
    reporters: ['default', './test/reporter.ts'],
  },
})
