import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { chartChecksum, findChart } from "../../simulator/kubernetes/charts";
import { temporaryDirectory } from "../support/temporary";

describe("charts of a rehearsal", () => {
  let root: ReturnType<typeof temporaryDirectory>;
  beforeEach(() => {
    root = temporaryDirectory();
    write("charts/own/Chart.yaml", "name: own");
    write("charts/own/templates/pod.yaml", "kind: Pod");
  });
  afterEach(() => root.dispose());

  function write(file: string, text: string): void {
    const whole = path.join(root.path, file);
    fs.mkdirSync(path.dirname(whole), { recursive: true });
    fs.writeFileSync(whole, text);
  }

  for (const chart of ["./charts/own", "charts/own"]) {
    it(`of the project are real ones: ${chart} is a folder below its root`, () => {
      const found = findChart({ chart }, undefined, root.path);
      assert.deepEqual(found, { path: path.join(root.path, "charts/own"), name: "own", standIn: false });
    });
  }

  it("by an absolute path are found from anywhere", () => {
    const chart = path.join(root.path, "charts/own");
    assert.equal(findChart({ chart }, undefined, "/").path, chart);
  });

  it("of a repository are not looked for below the root", () => {
    write("grafana/Chart.yaml", "name: grafana");
    assert.equal(findChart({ chart: "grafana" }, undefined, root.path).standIn, true);
  });

  it("that are not there are refused by the name the program gave", () => {
    assert.throws(
      () => findChart({ chart: "./charts/none" }, undefined, root.path),
      /no chart at \.\/charts\/none/,
    );
    assert.throws(
      () => findChart({ chart: "charts/none" }, undefined, root.path),
      /no stand-in for the chart none/,
    );
  });

  it("are others when any of their files is", () => {
    const folder = path.join(root.path, "charts/own");
    const before = chartChecksum(folder);
    assert.equal(chartChecksum(folder), before);
    write("charts/own/templates/pod.yaml", "kind: Pod # changed");
    const changed = chartChecksum(folder);
    write("charts/own/files/start.sh", "");
    assert.equal(new Set([before, changed, chartChecksum(folder)]).size, 3);
  });
});
