/**
 * Where a shop of the tests has its stock: in the PostgreSQL database that SHOP_DATABASE_URL names, or in a SQLite file of
 * its directory.
 */
const { existsSync } = require('node:fs')
const { join } = require('node:path')

const url = process.env.SHOP_DATABASE_URL
const fileOf = (directory) => join(directory, 'shop.sqlite')

/** As Vendure takes it. Host and database stand by themselves, as in the configuration that `@vendure/create` writes. */
function connectionOf(directory) {
  if (url === undefined) return { type: 'better-sqlite3', database: fileOf(directory) }
  const { hostname, port, username, pathname } = new URL(url)
  return { type: 'postgres', host: hostname, port: Number(port), username, database: pathname.slice(1) }
}

/** Answers whether it was not there before. */
async function createDatabase(directory) {
  if (url === undefined) return !existsSync(fileOf(directory))
  const name = new URL(url).pathname.slice(1)
  return withPostgres(new URL('/postgres', url).href, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name])
    if (rowCount === 0) await client.query(`CREATE DATABASE "${name}"`)
    return rowCount === 0
  })
}

/** Through the database alone, while nothing else has it open. */
async function change(directory, statements) {
  if (url !== undefined) {
    await withPostgres(url, async (client) => {
      for (const statement of statements) await client.query(statement)
    })
    return
  }
  const Database = require('better-sqlite3')
  const shop = new Database(fileOf(directory))
  for (const statement of statements) shop.exec(statement)
  shop.close()
}

async function withPostgres(connectionString, work) {
  const { Client } = require('pg')
  const client = new Client({ connectionString })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

module.exports = { change, connectionOf, createDatabase }
