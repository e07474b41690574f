/** Tokens that models refer to each other by. */
export const NETWORK = "gcp:compute/network:Network";
export const SUBNETWORK = "gcp:compute/subnetwork:Subnetwork";
export const CLUSTER = "gcp:container/cluster:Cluster";
export const NODE_POOL = "gcp:container/nodePool:NodePool";
export const SERVICE_ACCOUNT = "gcp:serviceaccount/account:Account";
export const REPOSITORY = "gcp:artifactregistry/repository:Repository";
export const MANAGED_ZONE = "gcp:dns/managedZone:ManagedZone";
export const BUCKET = "gcp:storage/bucket:Bucket";
export const SECRET = "gcp:secretmanager/secret:Secret";
export const KEY_RING = "gcp:kms/keyRing:KeyRing";
export const CRYPTO_KEY = "gcp:kms/cryptoKey:CryptoKey";
export const ADDRESS = "gcp:compute/address:Address";
export const SECRET_MEMBER = "gcp:secretmanager/secretIamMember:SecretIamMember";
