import type { Rule } from "./rule.ts"
import { fastStart, nothingFromTheAir } from "./rules/ambient.ts"
import { importsStayInside, oneComposer, portsOnly, testKitInTests } from "./rules/boundaries.ts"
import {
  documentedDependencies,
  exactVersions,
  layerTable,
  rootHoldsTools,
  usedDependencies,
} from "./rules/dependencies.ts"
import { decisionsAreNumbered, documentsExist, pathsExist } from "./rules/documents.ts"
import { nothingLeavesUnseen } from "./rules/egress.ts"
import { nothingOfAMachine } from "./rules/leaks.ts"
import { honestTests, nothingPutOff, reasonedSuppressions, testsAreSentences } from "./rules/leftovers.ts"
import { luaIsLaidOutAlike } from "./rules/lua.ts"
import { noDeadFiles } from "./rules/reach.ts"
import { noCycles, noStars, noSwallowedErrors } from "./rules/shape.ts"
import { sizesShrink } from "./rules/sizes.ts"
import { kebabFiles, namesAnswer, oneWordPerThing } from "./rules/words.ts"

/** Everything that is kept true by reading the files alone. What needs a compiler or a process is in `test/`. */
export const RULES: readonly Rule[] = [
  layerTable,
  rootHoldsTools,
  exactVersions,
  documentedDependencies,
  usedDependencies,
  importsStayInside,
  portsOnly,
  testKitInTests,
  oneComposer,
  noCycles,
  noStars,
  noSwallowedErrors,
  noDeadFiles,
  sizesShrink,
  luaIsLaidOutAlike,
  nothingFromTheAir,
  fastStart,
  nothingLeavesUnseen,
  reasonedSuppressions,
  nothingPutOff,
  testsAreSentences,
  honestTests,
  oneWordPerThing,
  namesAnswer,
  kebabFiles,
  documentsExist,
  decisionsAreNumbered,
  pathsExist,
  nothingOfAMachine,
]
