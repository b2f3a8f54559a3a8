// Makes dist/sdk, the npm package of the SDK, and its tarball: `npm run sdk`; `-- FOLDER` makes it elsewhere.
import { resolve } from "node:path"
import { ROOT } from "./src/binary.ts"
import { packSdk } from "./src/sdk/package.ts"

const root = resolve(ROOT)
const [given] = process.argv.slice(2)
const tarball = await packSdk({ root, folder: given === undefined ? `${root}/dist/sdk` : resolve(given) })
console.log(tarball)
