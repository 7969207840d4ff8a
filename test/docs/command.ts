/** `npm run docs`: writes the generated documents anew. */
import { generatedPages } from './pages.ts'
import { writeDocument } from './source.ts'

for (const { path, make } of generatedPages) {
  writeDocument(path, make())
  console.log(path)
}
