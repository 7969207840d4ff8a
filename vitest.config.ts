import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A limit only ends what hangs: how long a test takes says how busy the machine is, and nothing about the product.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // What a test changes outside itself it puts back, so that a worker loads the sources once.
    isolate: false,
    // End-to-end tests wait more than they work: on the smallest machine, of two cores, three files run beside each other.
    maxWorkers: 3,
    reporters: ['default', './test/reporter.ts'],
  },
})
