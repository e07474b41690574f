import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { LateTexts } from "../../../components/kubernetes/network/late-texts";

function valueOf<T>(output: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => void pulumi.output(output).apply(resolve));
}

describe("texts with values that are known late", () => {
  it("leaves what is known as it is, so that previews show it", () => {
    const late = new LateTexts();
    assert.equal(late.token("10.0.0.1"), "10.0.0.1");
    const value = { a: ["x", 1, true, undefined], b: { c: null } };
    assert.deepEqual(late.fill(value), value);
  });

  it("puts each value in its places, however deep, and several in one text", async () => {
    const late = new LateTexts();
    const [one, two] = [late.token(pulumi.output("1.1.1.1")), late.token(Promise.resolve("2.2.2.2"))];
    const filled = late.fill({ plain: "p", list: [`a ${one}`, { deep: `${two}, ${one}, ${two}` }] });
    assert.equal((filled as { plain: unknown }).plain, "p");
    assert.deepEqual(await valueOf(filled), {
      plain: "p",
      list: ["a 1.1.1.1", { deep: "2.2.2.2, 1.1.1.1, 2.2.2.2" }],
    });
  });

  it("makes one Output of a text that many daemons have", () => {
    const late = new LateTexts();
    const text = `/ip4/${late.token(pulumi.output("1.1.1.1"))}/tcp/1`;
    const [first, second] = late.fill([text, text]) as unknown[];
    assert.equal(first, second);
  });

  it("keeps a secret a secret", async () => {
    const late = new LateTexts();
    const filled = late.fill(`x ${late.token(pulumi.secret("word"))}`) as pulumi.Output<string>;
    assert.equal(await pulumi.isSecret(filled), true);
  });

  it("takes a value's own signs as they are", async () => {
    const late = new LateTexts();
    assert.equal(await valueOf(late.fill(late.token(pulumi.output("$& $1 $$")))), "$& $1 $$");
  });
});
