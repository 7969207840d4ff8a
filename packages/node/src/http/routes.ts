/**
 * The table of `/api/v1`: what the node answers, call by call. Decisions are the node's; here a call only finds its way.
 */
import type {
  ImportFailedItem,
  JoinRequestItem,
  LogItem,
  MemberStatus,
  MovementItem,
  ProblemItem,
  StockItem,
} from '@stockmesh/protocol'
import type { NodeApi } from './node-api.ts'
import { defineList, defineRoute, type Route } from './route.ts'
import {
  acceptBody,
  joinBody,
  leaveBody,
  joinRequestsQuery,
  logQuery,
  pageQuery,
  problemActionBody,
  stockQuery,
} from './schemas.ts'

const stockColumns = ['sku', 'name', 'level', 'shown', 'shopLevel', 'state', 'updatedAt'] as const

export function nodeRoutes(node: NodeApi): readonly Route[] {
  return [
    defineRoute('GET', '/status', { answer: () => node.status() }),
    ...stockRoutes(node),
    ...joinRoutes(node),
    ...importRoutes(node),
    ...memberRoutes(node),
    ...problemRoutes(node),
    defineList('/log', {
      query: logQuery,
      columns: [
        'at',
        'member',
        'sku',
        'name',
        'delta',
        'levelAfter',
        'cause',
        'reference',
        'result',
      ] satisfies (keyof LogItem)[],
      page: (query) => node.log(query),
    }),
  ]
}

function stockRoutes(node: NodeApi): readonly Route[] {
  return [
    defineList('/stock', { query: stockQuery, columns: stockColumns, page: (query) => node.stock(query) }),
    defineRoute('GET', '/stock/:sku', { answer: ({ part }) => node.stockDetail(part('sku')) }),
    defineList('/stock/:sku/movements', {
      query: pageQuery,
      columns: ['at', 'member', 'delta', 'cause', 'reference', 'levelAfter'] satisfies (keyof MovementItem)[],
      page: (query, part) => node.movements(part('sku'), query),
    }),
  ]
}

function joinRoutes(node: NodeApi): readonly Route[] {
  return [
    defineRoute('POST', '/join', {
      body: joinBody,
      answer: ({ body }) => node.join(body),
    }),
    defineRoute('GET', '/join', { answer: () => node.joinState() }),
    defineRoute('DELETE', '/join', { answer: () => node.cancelJoin() }),
    defineList('/join-requests', {
      query: joinRequestsQuery,
      columns: ['id', 'name', 'url', 'code', 'state', 'at'] satisfies (keyof JoinRequestItem)[],
      page: (query) => node.joinRequests(query),
    }),
    defineRoute('POST', '/join-requests/:id/accept', {
      body: acceptBody,
      answer: ({ part, body }) => node.acceptJoinRequest(part('id'), body.code),
    }),
    defineRoute('POST', '/join-requests/:id/refuse', { answer: ({ part }) => node.refuseJoinRequest(part('id')) }),
  ]
}

function importRoutes(node: NodeApi): readonly Route[] {
  return [
    defineRoute('POST', '/import', { answer: () => node.startImport() }),
    defineRoute('GET', '/import', { answer: () => node.importState() }),
    defineList('/import/failed', {
      query: pageQuery,
      columns: ['sku', 'name', 'productId', 'code', 'message'] satisfies (keyof ImportFailedItem)[],
      page: (query) => node.importFailed(query),
    }),
  ]
}

function memberRoutes(node: NodeApi): readonly Route[] {
  return [
    defineList('/members', {
      query: pageQuery,
      columns: ['id', 'name', 'url', 'self', 'online', 'lastContactAt', 'behind'] satisfies (keyof MemberStatus)[],
      page: (query) => node.members(query),
    }),
    defineRoute('POST', '/leave', {
      body: leaveBody,
      async answer({ body: { force } }) {
        await node.leave(force)
        return {}
      },
    }),
  ]
}

function problemRoutes(node: NodeApi): readonly Route[] {
  return [
    defineList('/problems', {
      query: pageQuery,
      columns: ['id', 'version', 'kind', 'member', 'sku', 'count', 'message', 'since'] satisfies (keyof ProblemItem)[],
      page: (query) => node.problems(query),
    }),
    defineList('/problems/:id/items', {
      query: pageQuery,
      columns: stockColumns satisfies readonly (keyof StockItem)[],
      page: (query, part) => node.problemItems(part('id'), query),
    }),
    defineRoute('POST', '/problems/:id/:action', {
      body: problemActionBody,
      async answer({ part, body }) {
        await node.actOnProblem(part('id'), part('action'), body.version)
        return {}
      },
    }),
  ]
}
