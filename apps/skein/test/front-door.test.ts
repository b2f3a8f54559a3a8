import { describe, expect, test } from "bun:test"
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { COMING } from "../src/coming.ts"
import { VERBS } from "../src/verbs.ts"
import { BINARY, describeBinary } from "./ground/binary.ts"
import { append } from "./ground/model.ts"
import { eventsOf, Scene } from "./ground/scene.ts"
import { type Talking, talking } from "./ground/talking.ts"

const HANG_MS = 40_000
const HELLO = { text: "Hello there." }

/** Runs it with a model that says hello, and tells what was asked. */
async function say(args: readonly string[], options: Parameters<Scene["run"]>[1] = {}) {
  using talk = talking(HELLO)
  const ran = await talk.scene.run(args, options)
  return { code: ran.code, out: ran.out, asked: talk.lastSaid(), err: ran.err }
}

const answered = (asked: string) => ({ code: 0, out: "Hello there.\n", asked, err: "" })

describeBinary("a prompt", () => {
  for (const args of [
    ["-p", "hi"],
    ["hi"],
    ["run", "hi"],
    ["ask", "hi"],
    ["-x", "hi"],
    ["--print", "hi"],
    ["-p", "--", "hi"],
  ]) {
    test(`is taken from: skein ${args.join(" ")}`, async () => {
      expect(await say(args)).toEqual(answered("hi"))
    })
  }

  test("may be several words, and begin with a word that is a verb when -- says so", async () => {
    expect(await say(["tell", "me", "more"])).toEqual(answered("tell me more"))
    expect(await say(["-p", "--", "serve", "--fast"])).toEqual(answered("serve --fast"))
  })

  test("may be piped in, alone, after words, or where - stands", async () => {
    expect(await say([], { stdin: "from a pipe\n" })).toEqual(answered("from a pipe\n"))
    expect(await say(["-p", "-"], { stdin: "from a pipe" })).toEqual(answered("from a pipe"))
    expect(await say(["sum it up"], { stdin: "a\nb\n" })).toEqual(answered("sum it up\n\n<stdin>\na\nb\n</stdin>"))
  })

  test("that is one word, and a slip of a verb, is not sent", async () => {
    for (const args of [["modls"], ["resme", "--last"]]) {
      const ran = await say(args)
      expect(ran).toMatchObject({ code: 2, asked: undefined, err: expect.stringContaining("Did you mean skein ") })
    }
    expect(await say(["-p", "--", "modls"])).toEqual(answered("modls"))
  })

  test("that is empty, or missing, is refused", async () => {
    for (const args of [["-p"], ["-p", ""], ["-p", "  "], ["run"], ["resume", "--last"]]) {
      const ran = await say(args)
      expect({ ...ran, args }).toEqual({
        code: 2,
        out: "",
        asked: undefined,
        err: "skein: No prompt: give one as words, or pipe it in.\nSee skein help.\n",
        args,
      })
    }
  })

  test(
    "may be large, and is cut to what the model can hold, which is said",
    async () => {
      const whole = await say(["-p", "count"], { stdin: "0123456789".repeat(20_000) })
      expect([whole.code, whole.asked?.length, whole.err]).toEqual([
        0,
        200_000 + "count\n\n<stdin>\n\n</stdin>".length,
        "",
      ])
      using talk = talking(HELLO)
      const cut = await talk.scene.run(["-p", "count"], { stdin: "0123456789".repeat(1_000_000) })
      expect([cut.code, cut.out, cut.err]).toEqual([
        0,
        "Hello there.\n",
        expect.stringMatching(/^note .*left out to make room/),
      ])
      const asked = talk.server.conversations.at(-1)?.said.join("\n") ?? ""
      expect(asked).toContain("count\n\n<stdin>\n0123456789")
      expect(asked.length).toBeLessThan(1_000_000)
    },
    HANG_MS,
  )

  test(
    "does not wait for a pipe that nobody writes to",
    async () => {
      using talk = talking(HELLO)
      const child = Bun.spawn([BINARY, "-p", "hi"], {
        cwd: talk.scene.cwd,
        env: talk.scene.env,
        stdin: "pipe",
        stdout: "pipe",
        stderr: "pipe",
      })
      const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
      expect({ code, out, err }).toEqual({
        code: 0,
        out: "Hello there.\n",
        err: "note    Nothing came on stdin for 3 s, so the prompt goes out without it; name - to wait for it.\n",
      })
    },
    HANG_MS,
  )

  test("may come with images, which are told from other files by their bytes", async () => {
    using talk = talking(HELLO)
    const { scene } = talk
    const png = Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
      "base64",
    )
    writeFileSync(scene.path("a.png"), png)
    writeFileSync(scene.path("b.png"), "no image at all")
    const shown = await scene.run(["-p", "look", "-i", "a.png"])
    expect([shown.code, talk.server.requests.at(-1)?.text]).toEqual([
      0,
      expect.stringContaining(png.toString("base64")),
    ])
    const refused = await scene.run(["-p", "look", "--image", "b.png"])
    expect([refused.code, refused.err]).toEqual([
      2,
      expect.stringContaining("it is not a PNG, JPEG, GIF or WebP image"),
    ])
  })
})

describeBinary("what is not understood", () => {
  const refused = async (...args: string[]) => {
    const scene = new Scene()
    const { code, out, err } = await scene.run(args)
    scene.remove()
    expect(out).toBe("")
    return `${code} ${err.split("\n")[0]}`
  }

  test("is refused with the nearest thing there is", async () => {
    expect(
      await Promise.all([
        refused("--modle", "x", "hi"),
        refused("exec", "--jsn", "hi"),
        refused("models", "--jsom"),
        refused("-p", "--output-format", "yaml", "hi"),
        refused("-p", "hi", "--max-tool-rounds", "many"),
        refused("-p", "hi", "--max-budget-usd", "0"),
        refused("-p", "hi", "--add-dir", "/no/such/folder"),
        refused("-p", "hi", "--add-dir", "/dev/null"),
        refused("help", "resmue"),
        refused("sesion", "list"),
        refused("resmue", "ses_1", "go on"),
        refused("-p", "hi", "-m", "sonet"),
        refused("-C", "/", "session", "list"),
      ]),
    ).toEqual([
      "2 skein: Unknown flag --modle. Did you mean --model?",
      "2 skein: Unknown flag --jsn. Did you mean --json?",
      "2 skein: Unknown flag --jsom. Did you mean --json?",
      '2 skein: --output-format is one of text, json, stream-json, events, not "yaml".',
      '2 skein: --max-tool-rounds takes a whole number of at least 1, not "many".',
      '2 skein: --max-budget-usd takes an amount above 0, not "0".',
      '2 skein: --add-dir "/no/such/folder": there is no such folder.',
      '2 skein: --add-dir "/dev/null": there is no such folder.',
      "2 skein: There is no verb resmue. Did you mean resume?",
      "2 skein: There is no verb sesion. Did you mean skein session? To send the word to the model as a prompt, write: skein -p -- sesion",
      "2 skein: There is no verb resmue. Did you mean skein resume? To send the word to the model as a prompt, write: skein -p -- resmue",
      '78 skein: No model is called "sonet". Nearest: sonnet. Write provider/model; "skein models" lists what is known, and any model of a known provider may be named.',
      "2 skein: The verb comes first: skein session …, flags after it. To send the words to the model as a prompt, write: skein -p -- session …",
    ])
  })

  test("is told from what is not there yet, which has an exit code of its own", async () => {
    for (const verb of [COMING[0], COMING.at(-1), "swarm"]) {
      expect(await refused(verb ?? "")).toBe(
        `69 skein: skein ${verb} is not available in this version. To send the word to the model as a prompt, write: skein -p -- ${verb}`,
      )
    }
  })
})

describeBinary("help", () => {
  test("is there for every verb, and lists every flag", async () => {
    const scene = new Scene()
    for (const { name, flags } of VERBS) {
      const [asked, flagged] = await Promise.all([scene.run(["help", name]), scene.run([name, "--help"])])
      expect([name, asked.code, asked.err, flagged.out]).toEqual([name, 0, "", asked.out])
      for (const flag of flags) expect(asked.out).toContain(`--${flag.name}`)
    }
    const codes = await scene.run(["help", "exit-codes"])
    expect(codes.out).toMatch(/ 69 .*\n.* 70 /)
    scene.remove()
  })

  test("and version touch nothing", async () => {
    const scene = new Scene()
    expect((await scene.run(["--version"])).out).toMatch(/^skein \d+\.\d+\.\d+\S*\n$/)
    await scene.run(["help"])
    expect(readdirSync(scene.home)).toEqual([])
    scene.remove()
  })
})

describeBinary("the answer", () => {
  test("is alone on stdout; what was done is on stderr", async () => {
    using talk = talking({ text: "Let me see. ", calls: [append("one")] }, HELLO)
    const { code, out, err } = await talk.scene.run(["-p", "hi"])
    expect({ code, out, err }).toEqual({
      code: 0,
      out: "Hello there.\n",
      err: "ok      echo one >> ran.txt  exit 0, 0 B\nunverified  no test, build or lint ran after the last edit\n",
    })
  })

  test("comes as text, one JSON object, Claude Code's lines, or our own events", async () => {
    const json = await say(["-p", "hi", "--output-format", "json"])
    expect([json.code, JSON.parse(json.out)]).toEqual([
      0,
      expect.objectContaining({ type: "result", subtype: "success", is_error: false, result: "Hello there." }),
    ])
    const lines = await say(["-p", "hi", "--output-format", "stream-json", "--verbose"])
    const types = lines.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).type)
    expect([types[0], types.at(-1)]).toEqual(["system", "result"])
    for (const args of [["--json"], ["--output-format", "events"]]) {
      const events = eventsOf((await say(["-p", "hi", ...args])).out)
      expect(events.at(-1)).toMatchObject({ type: "turn.ended", outcome: { kind: "completed" } })
    }
  })

  test("is also kept in a file when asked, by itself", async () => {
    using talk = talking({ text: "First.", calls: [append("one")] }, HELLO)
    await talk.scene.run(["-p", "hi", "-o", "last.txt"])
    expect(talk.scene.read("last.txt")).toBe("Hello there.")
  })

  test("fits a schema, or the exit code says that it does not", async () => {
    using talk = talking({ text: '{"n": 3}' }, { text: '{"n": "three"}' }, { text: "Three." })
    writeFileSync(
      talk.scene.path("schema.json"),
      JSON.stringify({
        type: "object",
        properties: { n: { type: "integer" } },
        required: ["n"],
        additionalProperties: false,
      }),
    )
    const run = () => talk.scene.run(["-p", "count", "--output-schema", "schema.json"])
    const [fit, misfit, prose] = [await run(), await run(), await run()]
    expect([fit.code, fit.out, fit.err]).toEqual([0, '{"n": 3}\n', ""])
    expect(talk.server.requests[0]?.text).toContain('"additionalProperties":false')
    expect([misfit.code, misfit.err]).toEqual([
      1,
      expect.stringMatching(/^skein: The answer does not fit the schema: [\s\S]*n/),
    ])
    expect([prose.code, prose.err]).toEqual([1, expect.stringContaining("skein: The answer is not JSON")])
  })
})

describeBinary("a run", () => {
  test("works in the folder of --cd, and may write in those of --add-dir", async () => {
    using talk = talking(
      { calls: [{ name: "bash", args: { command: "pwd > here.txt; pwd > ../other/there.txt" } }] },
      HELLO,
    )
    mkdirSync(talk.scene.path("sub"))
    mkdirSync(talk.scene.path("other"))
    const ran = await talk.scene.run(["-p", "hi", "-C", "sub", "--add-dir", "other"])
    expect([ran.code, talk.scene.read("sub/here.txt")]).toEqual([0, `${talk.scene.path("sub")}\n`])
    expect(talk.scene.read("other/there.txt")).toBe(`${talk.scene.path("sub")}\n`)
  })

  test("that is ephemeral leaves nothing behind", async () => {
    using talk = talking({ calls: [append("one")] }, HELLO)
    const ran = await talk.scene.run(["-p", "hi", "--ephemeral"])
    const left = talk.scene.files().filter((path) => !path.startsWith(talk.scene.cwd))
    expect([ran.code, ran.out, left]).toEqual([0, "Hello there.\n", []])
    expect((await talk.scene.run(["resume", "--last", "go on"])).code).toBe(1)
  })

  test("stops after so many steps, or so much money, and says so", async () => {
    const calls = Array.from({ length: 9 }, (_, at) => ({ calls: [append(`step-${at}`)] }))
    using talk = talking(...calls)
    const ran = await talk.scene.run(["-p", "hi", "--max-tool-rounds", "3"])
    expect([ran.code, ran.out, ran.err.split("\n").at(-2)]).toEqual([
      76,
      "",
      "skein: Stopped after 3 steps, the limit of this turn.",
    ])
    expect(talk.scene.read("ran.txt")).toBe("step-0\nstep-1\nstep-2\n")
    const poor = await talk.scene.run(["-p", "hi", "--max-budget-usd", "0.00001"])
    expect([poor.code, poor.err.split("\n").at(-2)]).toEqual([
      76,
      expect.stringMatching(/^skein: The turn's budget of .* is spent/),
    ])
  })

  test("that would need a person's word refuses instead, and its exit code says so", async () => {
    const outside = (scene: Scene) => ({ name: "write", args: { path: `${scene.home}/x.txt`, content: "x" } })
    using talk = talking((asked) => asked.say({ calls: [outside(talk.scene)] }), HELLO)
    const ran = await talk.scene.run(["-p", "hi"])
    expect([ran.code, ran.out, existsSync(`${talk.scene.home}/x.txt`)]).toEqual([77, "Hello there.\n", false])
    expect(ran.err).toContain("nobody is there to answer, so it is refused; see --yes and --mode")
  })

  test("says to a host of the stream-json contract too that there is no model to ask, and what to do", async () => {
    const line = { type: "user", message: { role: "user", content: "hi" }, session_id: "", parent_tool_use_id: null }
    const formats = ["--input-format", "stream-json", "--output-format", "stream-json", "--verbose"]
    const ran = await new Scene().run(["-p", ...formats], { stdin: `${JSON.stringify(line)}\n` })
    expect(ran.code).not.toBe(0)
    expect(ran.out + ran.err).toContain("No model to ask. Any one of these will do:")
    expect(ran.out + ran.err).not.toContain("No model is called")
  })

  test("says of hosted tasks, with a word or without, that there are none, and what does the same here", async () => {
    for (const words of [[], ["list"]]) {
      const ran = await new Scene().run(["cloud", ...words])
      expect([ran.code, ran.out]).toEqual([69, ""])
      expect(ran.err).toMatch(/^skein: skein cloud.* is not available: .*skein session list/)
    }
  })

  test("says which model or key is missing", async () => {
    const scene = new Scene()
    const err = async (...args: string[]) => {
      const ran = await scene.run(["-p", "hi", ...args])
      return [ran.code, ran.out, ran.err.trim()]
    }
    expect(await err()).toEqual([
      78,
      "",
      expect.stringMatching(
        /^skein: No model to ask\. Any .*\n {2}skein login anthropic .*\n(?: {2}(?:skein|export) .*\n){4} {2}skein demo /,
      ),
    ])
    for (const format of ["text", "json", "stream-json", "events"]) {
      expect(await err("-m", "openai/gpt-6.1-terra", "--output-format", format)).toEqual([
        78,
        "",
        "skein: No key for OpenAI, which serves gpt-6.1-terra. Keep one with: skein login openai. Or set OPENAI_API_KEY, or give a key file (--api-key-file).",
      ])
    }
    expect(await err("-m", "nonsense")).toEqual([
      78,
      "",
      expect.stringMatching(/^skein: No model is called "nonsense"\./),
    ])
    expect(scene.files().filter((path) => path.includes("sessions/"))).toEqual([])
    scene.remove()
  })
})

describeBinary("a session is gone on with", () => {
  const ask = async ({ scene, server }: Talking, args: readonly string[], cwd?: string) => {
    const { code, out, err } = await scene.run(args, cwd === undefined ? {} : { cwd })
    return { code, out, err, said: server.conversations.at(-1)?.said }
  }
  const good = (...said: readonly string[]) => ({
    code: 0,
    out: "Hello there.\n",
    err: "",
    said: [expect.anything(), ...said].slice(-said.length),
  })

  test("by --continue, resume --last, --resume and resume, by id with or without its prefix", async () => {
    using talk = talking(HELLO)
    await talk.scene.run(["-p", "one"])
    const id = readdirSync(`${talk.scene.data}/sessions`)[0]?.replace(".jsonl", "") ?? ""
    const said = ["one"]
    for (const args of [
      ["-p", "--continue", "two"],
      ["resume", "--last", "three"],
      ["-p", "--resume", id, "four"],
      ["resume", id.replace("ses_", ""), "five"],
    ]) {
      said.push(args.at(-1) ?? "")
      const { said: heard, ...rest } = await ask(talk, args)
      expect({ ...rest, heard: heard?.filter((text) => said.includes(text)) }).toEqual({
        code: 0,
        out: "Hello there.\n",
        err: "",
        heard: said,
      })
    }
  })

  test("in every output format", async () => {
    using talk = talking(HELLO)
    await talk.scene.run(["-p", "one"])
    for (const format of ["json", "stream-json", "events"]) {
      const ran = await ask(talk, ["resume", "--last", "two", "--output-format", format])
      expect({ format, code: ran.code, said: ran.said?.filter((text) => text === "one") }).toEqual({
        format,
        code: 0,
        said: ["one"],
      })
    }
    expect(readdirSync(`${talk.scene.data}/sessions`)).toHaveLength(1)
  })

  test("only that of this folder, unless all are meant", async () => {
    using talk = talking(HELLO)
    await talk.scene.run(["-p", "one"])
    mkdirSync(talk.scene.path("elsewhere"))
    const cwd = talk.scene.path("elsewhere")
    expect(await ask(talk, ["resume", "--last", "two"], cwd)).toMatchObject({
      code: 1,
      err: `skein: There is no session to go on with for ${cwd}; --all looks in every folder.\n`,
    })
    const { code, said } = await ask(talk, ["resume", "--last", "--all", "two"], cwd)
    expect({ code, said: said?.slice(-1) }).toEqual({ code: 0, said: good("two").said })
  })

  test("and one that is not there is named", async () => {
    using talk = talking(HELLO)
    expect(await ask(talk, ["resume"])).toMatchObject({
      code: 0,
      out: "",
      err: `There is no session for ${talk.scene.cwd}.\n`,
    })
    for (const id of ["ses_nothing", "../../etc/passwd"]) {
      expect(await ask(talk, ["resume", id, "hi"])).toMatchObject({
        code: 1,
        err: expect.stringContaining("Cannot find session"),
      })
    }
  })
})

describe.if(BINARY !== "")("a verb that tells", () => {
  test("models, config show, doctor and completion work without a key", async () => {
    const scene = new Scene()
    const models = await scene.run(["models", "claude"])
    expect([models.code, models.out]).toEqual([0, expect.stringMatching(/anthropic\/claude-\S+ +no key +\d+k/)])
    const config = await scene.run(["config", "show", "--origin"], { env: { SKEIN_MODE: "plan" } })
    expect(config.out).toMatch(/^mode = "plan" +# environment.*$/m)
    const doctor = await scene.run(["doctor"])
    expect([doctor.code, doctor.out]).toEqual([1, expect.stringContaining("fail  model")])
    scene.remove()
  })

  test("config alone shows, and doctor tells of settings that cannot be read", async () => {
    const scene = new Scene()
    const [alone, shown] = [await scene.run(["config"]), await scene.run(["config", "show"])]
    expect([alone.code, alone.out]).toEqual([0, shown.out])
    const file = scene.path("broken.toml")
    writeFileSync(file, "mode = ")
    const doctor = await scene.run(["doctor", "--settings-file", file])
    expect(doctor).toMatchObject({ code: 1, err: "", out: expect.stringMatching(/^fail {2}config {5}Cannot read /m) })
    scene.remove()
  })

  test("doctor names where a key is, and never the key", async () => {
    using talk = talking(HELLO)
    const { code, out, err } = await talk.scene.run(["doctor"])
    expect([code, err, out]).toEqual([
      0,
      "",
      expect.stringContaining("anthropic: environment variable ANTHROPIC_API_KEY"),
    ])
    expect(out).not.toContain(talk.scene.env.ANTHROPIC_API_KEY)
  })

  test("completion for bash completes verbs, flags, their values and files in a real bash", async () => {
    const scene = new Scene()
    writeFileSync(scene.path("notes.txt"), "")
    const script = `
      source <(${BINARY} completion bash)
      complete_at() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _skein; echo "\${COMPREPLY[*]}"; }
      complete_at skein res
      complete_at skein --outp
      complete_at skein resume --la
      complete_at skein -p no
      complete_at skein -p --mode a
      complete_at skein exec --sandbox w
      complete_at skein session ren
      complete_at skein threads list --inc
      complete_at skein session rewind --scope c
      complete -p skein`
    const child = Bun.spawn(["bash", "-eu", "-c", script], { cwd: scene.cwd, stdout: "pipe", stderr: "pipe" })
    expect([await child.stdout.text(), await child.stderr.text()]).toEqual([
      "resume\n--output-format --output-style --output-schema --output-last-message\n--last\nnotes.txt\nask accept-edits auto\nworkspace-write\nrename\n--include-non-interactive\ncode chat\ncomplete -F _skein skein\n",
      "",
    ])
    scene.remove()
  })
})
