/** `npm run pack:woocommerce`: writes `build/stockmesh-woocommerce.zip`, which WordPress installs under Plugins > Add. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeWooCommercePlugin } from './woocommerce-plugin.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const file = join(root, 'build/stockmesh-woocommerce.zip')
writeWooCommercePlugin(root, file)
console.log(file)
