/**
 * A real Vendure shop with the companion: `node shop.cjs <directory> <port> <key> <shop url> [node url]`; `database.cjs`
 * says where its database is. With SHOP_WITHOUT_COMPANION it is a plain one. It prints one line when it serves. Everything
 * else is done through its own APIs.
 */
process.env.VENDURE_DISABLE_TELEMETRY = 'true'
const { bootstrap, DefaultLogger, dummyPaymentHandler, LanguageCode, LogLevel, Populator } = require('@vendure/core')
const { StockmeshPlugin } = require('../dist')
const { connectionOf, createDatabase } = require('./database.cjs')

const [directory, port, key, shopUrl, nodeUrl] = process.argv.slice(2)

async function main() {
  const isNew = await createDatabase(directory)
  const app = await bootstrap({
    apiOptions: { port: Number(port), hostname: '127.0.0.1', adminApiPath: 'admin-api', shopApiPath: 'shop-api' },
    authOptions: {
      tokenMethod: ['bearer'],
      superadminCredentials: { identifier: 'admin', password: 'admin' },
      customPermissions: [],
    },
    dbConnectionOptions: { ...connectionOf(directory), synchronize: isNew, logging: false },
    paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
    logger: new DefaultLogger({ level: LogLevel.Error, timestamp: false }),
    plugins: process.env.SHOP_WITHOUT_COMPANION
      ? []
      : [StockmeshPlugin.init({ key, shopUrl, ...(nodeUrl ? { nodeUrl } : {}) })],
  })
  if (isNew) {
    await app.get(Populator).populateInitialData({
      defaultLanguage: LanguageCode.en,
      defaultZone: 'Europe',
      countries: [{ code: 'DK', name: 'Denmark', zone: 'Europe' }],
      taxRates: [{ name: 'Standard', percentage: 25 }],
      shippingMethods: [{ name: 'Post', price: 500 }],
      paymentMethods: [
        {
          name: 'Test',
          handler: { code: dummyPaymentHandler.code, arguments: [{ name: 'automaticSettle', value: 'false' }] },
        },
      ],
      collections: [],
      roles: [],
    })
  }
  process.stdout.write(`serving ${shopUrl}\n`)
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exit(1)
})
