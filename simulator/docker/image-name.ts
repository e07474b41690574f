import { matching } from "../cloud/formats";

/** A name of an image, with tag, digest, both or none. */
export const isImage = matching(
  /^(?:[a-z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/,
  "not a reference to an image, such as registry.example.org/name:tag",
);
