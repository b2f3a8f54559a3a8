import type { Host } from "@skein/host"
import { jsonPage, SkeinError, TASK_MEANINGS, type TaskChoice, type TaskInfo } from "@skein/protocol"
import type { Io } from "../io.ts"
import { table } from "../tell/table.ts"

/** `skein models --tasks`: which model does what besides answering, for the model that a session would begin with. */
export async function showTasks(host: Host, io: Io, isJson: boolean): Promise<number> {
  const model = await host.startModel()
  if (model === undefined) {
    throw new SkeinError("model.no_key", "No model can be asked, so there is nobody to do tasks: skein login.")
  }
  const tasks = await host.engine.ask({ type: "tasks.list", model })
  if (isJson) {
    io.out(jsonPage(tasks))
    return 0
  }
  io.out(`Beside ${model}:`)
  const columns = [{}, { isFlexible: true }]
  for (const line of table(columns, tasks.flatMap(rows), await io.columns())) io.out(line)
  io.out("")
  io.out('tasks.NAME = "provider/model" in your config.toml chooses another; or a tier, "session", "rule", "off".')
  return 0
}

function rows({ task, choice }: TaskInfo): readonly (readonly string[])[] {
  return [
    [task, TASK_MEANINGS[task]],
    ["", `${whoOf(choice)}: ${choice.why}`],
  ]
}

function whoOf(choice: TaskChoice): string {
  if (choice.kind === "rule") return "(by rule)"
  if (choice.kind === "off") return "(off)"
  return choice.effort === undefined ? choice.model : `${choice.model}, ${choice.effort}`
}
