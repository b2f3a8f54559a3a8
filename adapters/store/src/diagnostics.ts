export { type FixtureOptions, fixtureEvents, fixtureLog } from "./fixture.ts"
export { sessionFile } from "./paths.ts"
export { type ResumePlan, resumePlan } from "./resume-plan.ts"
export { type Agreement, type Verification, verifyLog } from "./verify.ts"
