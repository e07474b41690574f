# From what `up --json` and `verify --json` print to what `testnet comment` takes.
. as [$up, $verify]
| {
    stack: $stack,
    ok: ($up.ok == true and $verify.ok == true),
    checks: [$verify.checks[]? | {state, title, detail}],
    endpoints: [
      ($up.network | .seeds[]?, .publicServices[]?) | {
        title: .name,
        url: (.url // "\(.host // .address // "?"):\(.ports[0].number // "?")")
      }
    ],
    problems: (($up.problems // []) + ($verify.problems // []))
  }
