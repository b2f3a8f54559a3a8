#!/usr/bin/env bun
// Makes dist/npm, the npm package, and its tarball: `node tools/build/with-bun.mjs run tools/build/pack.ts`.
import { BINARY, buildFacts, ensureBinary, ROOT } from "./src/binary.ts"
import { packTarball } from "./src/npm-package.ts"

await ensureBinary()
const { version } = buildFacts([])
const tarball = packTarball({ binary: BINARY, version, folder: `${ROOT}/dist/npm`, documents: ROOT })
console.log(`npm install -g ${tarball.slice(ROOT.length + 1)}`)
