/** Types that other types look at. */
export const BUILT = "docker:index/image:Image";
export const PULLED = "docker:index/remoteImage:RemoteImage";
export const PUSHED = "docker:index/registryImage:RegistryImage";
export const TAG = "docker:index/tag:Tag";
