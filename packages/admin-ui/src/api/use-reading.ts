/**
 * Hooks that keep an answer or a list fresh while a page shows it: read at once, and again when `version` has grown.
 */
import { type Signal, signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { type ApiFailure, failureOf, readApi } from './client.ts'
import { PagedList } from './paged-list.ts'
import { Refresher } from './refresher.ts'

const refreshPauseMs = 1000

export interface Reading<T> {
  readonly value: Signal<T | null>
  readonly failure: Signal<ApiFailure | null>
  refresh(): void
}

export function useReading<T>(path: string, version: number): Reading<T> {
  const reading = useMemo(() => createReading<T>(path), [path])
  useEffect(() => () => reading.stop(), [reading])
  useEffect(() => reading.refresh(), [reading, version])
  return reading
}

export function usePagedList<T>(path: string, version: number, limit?: number): PagedList<T> {
  const list = useMemo(() => new PagedList<T>(path, limit), [path, limit])
  useEffect(() => () => list.stop(), [list])
  useEffect(() => list.refresh(), [list, version])
  return list
}

function createReading<T>(path: string): Reading<T> & { stop(): void } {
  const value = signal<T | null>(null)
  const failure = signal<ApiFailure | null>(null)
  const refresher = new Refresher(async () => {
    try {
      value.value = await readApi<T>(path)
      failure.value = null
    } catch (thrown) {
      failure.value = failureOf(thrown)
    }
  }, refreshPauseMs)
  return { value, failure, refresh: () => refresher.request(), stop: () => refresher.stop() }
}
