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
import {
  importAnswer,
  importFailedItem,
  joinAnswer,
  joinRequestItem,
  logItem,
  memberStatus,
  movementItem,
  noAnswer,
  problemItem,
  problemList,
  statusAnswer,
  stockDetail,
  stockItem,
} from './answers.ts'
import type { NodeApi } from './node-api.ts'
import { defineList, defineRoute, type Route } from './route.ts'
import {
  acceptBody,
  importBody,
  joinBody,
  leaveBody,
  joinRequestsQuery,
  logQuery,
  pageQuery,
  problemActionBody,
  problemsQuery,
  stockQuery,
} from './schemas.ts'

const stockColumns = ['sku', 'name', 'level', 'shown', 'shopLevel', 'state', 'updatedAt'] as const

export function nodeRoutes(node: NodeApi): readonly Route[] {
  return [
    defineRoute('GET', '/status', {
      summary: 'How the node, its shop and its network are, and what is on its way.',
      access: 'viewer',
      answers: statusAnswer,
      answer: () => node.status(),
    }),
    ...stockRoutes(node),
    ...joinRoutes(node),
    ...importRoutes(node),
    ...memberRoutes(node),
    ...problemRoutes(node),
    defineList('/log', {
      summary: 'What happened to the stock and to the network, the newest first.',
      access: 'viewer',
      item: logItem,
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
    defineList('/stock', {
      summary: 'Every SKU with its level in the network and in this shop; searched, filtered and sorted.',
      access: 'viewer',
      item: stockItem,
      errors: { 'member-unknown': 404 },
      query: stockQuery,
      columns: stockColumns,
      page: (query) => node.stock(query),
    }),
    defineRoute('GET', '/stock/:sku', {
      summary: 'One SKU explained: its baseline, what each shop added and removed, and what each shop shows now.',
      access: 'viewer',
      answers: stockDetail,
      errors: { 'sku-unknown': 404 },
      answer: ({ part }) => node.stockDetail(part('sku')),
    }),
    defineList('/stock/:sku/movements', {
      summary: 'Every movement of one SKU, the newest first.',
      access: 'viewer',
      item: movementItem,
      errors: { 'sku-unknown': 404 },
      query: pageQuery,
      columns: ['at', 'member', 'delta', 'cause', 'reference', 'levelAfter'] satisfies (keyof MovementItem)[],
      page: (query, part) => node.movements(part('sku'), query),
    }),
  ]
}

function joinRoutes(node: NodeApi): readonly Route[] {
  return [
    defineRoute('POST', '/join', {
      summary: 'Asks the shop at an address to let this shop into its network.',
      answers: joinAnswer,
      errors: {
        'leave-first': 409,
        'join-pending': 409,
        'join-closed': 409,
        'node-not-found': 422,
        'address-invalid': 422,
        'address-has-credentials': 422,
        'address-refused': 422,
        'private-address-refused': 422,
        'dial-limit': 422,
      },
      body: joinBody,
      answer: ({ body }) => node.join(body),
    }),
    defineRoute('GET', '/join', {
      summary: "How this shop's own join request stands.",
      access: 'viewer',
      answers: joinAnswer,
      answer: () => node.joinState(),
    }),
    defineRoute('DELETE', '/join', {
      summary: "Cancels this shop's own join request.",
      answers: joinAnswer,
      answer: () => node.cancelJoin(),
    }),
    defineList('/join-requests', {
      summary: 'Join requests of other shops.',
      access: 'viewer',
      item: joinRequestItem,
      query: joinRequestsQuery,
      columns: ['id', 'name', 'url', 'code', 'state', 'at'] satisfies (keyof JoinRequestItem)[],
      page: (query) => node.joinRequests(query),
    }),
    defineRoute('POST', '/join-requests/:id/accept', {
      summary: 'Lets the shop in, when both shops show the same code.',
      answers: joinRequestItem,
      errors: {
        'request-unknown': 404,
        'request-closed': 409,
        'code-mismatch': 409,
        'import-first': 409,
        'key-removed': 409,
        'membership-full': 409,
        'no-network': 409,
        'shop-leaving': 409,
      },
      body: acceptBody,
      answer: ({ part, body }) => node.acceptJoinRequest(part('id'), body.code),
    }),
    defineRoute('POST', '/join-requests/:id/refuse', {
      summary: 'Refuses the shop.',
      answers: joinRequestItem,
      errors: { 'request-unknown': 404, 'request-closed': 409 },
      answer: ({ part }) => node.refuseJoinRequest(part('id')),
    }),
  ]
}

function importRoutes(node: NodeApi): readonly Route[] {
  return [
    defineRoute('POST', '/import', {
      summary: "Starts the import; in a shop of no network it founds one with this shop's numbers.",
      answers: importAnswer,
      errors: { 'join-pending': 409, 'shop-paused': 409, 'preview-stale': 409, 'import-cancelling': 409 },
      body: importBody,
      answer: ({ body }) => node.startImport(body.preview),
    }),
    defineRoute('GET', '/import', {
      summary: 'How the import stands.',
      access: 'viewer',
      answers: importAnswer,
      answer: () => node.importState(),
    }),
    defineList('/import/failed', {
      summary: 'Rows of the shop that could not be imported, each with the reason.',
      access: 'viewer',
      item: importFailedItem,
      query: pageQuery,
      columns: ['sku', 'name', 'productId', 'code', 'message'] satisfies (keyof ImportFailedItem)[],
      page: (query) => node.importFailed(query),
    }),
  ]
}

function memberRoutes(node: NodeApi): readonly Route[] {
  return [
    defineList('/members', {
      summary: 'The shops of the network, this one among them.',
      access: 'viewer',
      item: memberStatus,
      query: pageQuery,
      columns: ['id', 'name', 'url', 'self', 'online', 'lastContactAt', 'behind'] satisfies (keyof MemberStatus)[],
      page: (query) => node.members(query),
    }),
    defineRoute('DELETE', '/members/:id', {
      summary: 'Removes another shop from the network for good; what it sold until then stays counted.',
      answers: noAnswer,
      errors: {
        'no-network': 409,
        'use-leave': 409,
        'not-a-member': 409,
        'membership-full': 409,
        'member-unknown': 404,
      },
      async answer({ part }) {
        await node.evict(part('id'))
        return {}
      },
    }),
    defineRoute('POST', '/leave', {
      summary: 'Leaves the network for good; the numbers in the shop stay as they are.',
      answers: noAnswer,
      errors: { 'no-network': 409, 'shop-paused': 409, 'leave-unheard': 409 },
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
      summary: 'What a person should look at, each with the actions that solve it; other shops are asked live.',
      access: 'viewer',
      item: problemItem,
      answers: problemList,
      errors: { 'member-unknown': 404 },
      query: problemsQuery,
      columns: ['id', 'version', 'kind', 'member', 'sku', 'count', 'message', 'since'] satisfies (keyof ProblemItem)[],
      page: (query) => node.problems(query),
    }),
    defineList('/problems/:id/items', {
      summary: 'The SKUs that a problem is about.',
      access: 'viewer',
      item: stockItem,
      errors: { 'problem-solved': 409, 'problem-of-another-shop': 409 },
      query: pageQuery,
      columns: stockColumns satisfies readonly (keyof StockItem)[],
      page: (query, part) => node.problemItems(part('id'), query),
    }),
    defineRoute('POST', '/problems/:id/:action', {
      summary: 'Does one of the actions of a problem.',
      answers: noAnswer,
      errors: {
        'problem-solved': 409,
        'problem-changed': 409,
        'problem-of-another-shop': 409,
        'movements-unknown': 409,
        'no-network': 409,
        'not-a-member': 409,
        'import-first': 409,
        'action-unknown': 422,
      },
      body: problemActionBody,
      async answer({ part, body }) {
        await node.actOnProblem(part('id'), part('action'), body.version)
        return {}
      },
    }),
  ]
}
