import assert from "node:assert/strict";
import { allows } from "../../../simulator/aws/policies";

const ACTION = "secretsmanager:GetSecretValue";
const SECRETS = "arn:aws:secretsmanager:us-east-1:123456789012:secret:";
const OWN = `${SECRETS}testnet/\${aws:PrincipalTag/kubernetes-namespace}/\${aws:PrincipalTag/kubernetes-service-account}-??????`;

const statement = (more: object = {}) => ({ Effect: "Allow", Action: ACTION, Resource: OWN, ...more });
const document = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });

function may(policies: readonly string[], secret: string, namespace = "net", account = "seed-1"): boolean {
  const context = {
    "aws:PrincipalTag/kubernetes-namespace": namespace,
    "aws:PrincipalTag/kubernetes-service-account": account,
  };
  return allows(policies, { action: ACTION, resource: `${SECRETS}${secret}`, context });
}

describe("policies of simulated AWS", () => {
  const own = document(statement());

  it("fill in the tags of who asks: its own secret, and no other", () => {
    assert.equal(may([own], "testnet/net/seed-1-a1b2c3"), true);
    assert.equal(may([own], "testnet/net/seed-2-a1b2c3"), false);
    assert.equal(may([own], "testnet/other/seed-1-a1b2c3"), false);
    // Six characters of the cloud's own, neither more nor fewer: seed-1 and seed-1-x do not meet.
    assert.equal(may([own], "testnet/net/seed-1-x-a1b2c3"), false);
    assert.equal(may([own], "testnet/net/seed-1-a1b2c"), false);
  });

  it("take tags for text, not for patterns", () => {
    assert.equal(may([own], "testnet/net/seed-1-a1b2c3", "*", "*"), false);
    assert.equal(may([own], "testnet/a.b/seed-1-a1b2c3", "a.b"), true);
    assert.equal(may([own], "testnet/axb/seed-1-a1b2c3", "a.b"), false);
  });

  it("allow nothing by themselves, and nothing that one of them denies", () => {
    assert.equal(may([], "testnet/net/seed-1-a1b2c3"), false);
    assert.equal(
      may([document(statement({ Action: "secretsmanager:List*" }))], "testnet/net/seed-1-a1b2c3"),
      false,
    );
    assert.equal(
      may([document(statement({ Action: ["s3:*", "SecretsManager:get*"] }))], "testnet/net/seed-1-a1b2c3"),
      true,
    );
    const deny = document(statement({ Effect: "Deny", Resource: "*" }));
    assert.equal(may([own, deny], "testnet/net/seed-1-a1b2c3"), false);
  });

  it("hold under conditions only, and never under one that is not known", () => {
    const key = "aws:PrincipalTag/kubernetes-namespace";
    const under = (Condition: object) =>
      may([document(statement({ Condition }))], "testnet/net/seed-1-a1b2c3");
    assert.equal(under({ StringEquals: { [key]: "net" } }), true);
    assert.equal(under({ StringEquals: { [key]: ["other", "net"] } }), true);
    assert.equal(under({ StringEquals: { [key]: "n*" } }), false);
    assert.equal(under({ StringLike: { [key]: "n*" } }), true);
    assert.equal(under({ StringEquals: { "aws:PrincipalTag/none": "net" } }), false);
    assert.equal(under({ StringNotEquals: { [key]: "other" } }), false);
  });
});
