//! How much memory is allocated: counted only by a build with the feature `memory`.

#[cfg(feature = "memory")]
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[cfg(feature = "memory")]
#[global_allocator]
static ALLOCATOR: &StatsAlloc<std::alloc::System> = &INSTRUMENTED_SYSTEM;

/// How many bytes are allocated; `None` where they are not counted.
pub fn allocated() -> Option<usize> {
    #[cfg(feature = "memory")]
    {
        let stats = ALLOCATOR.stats();
        Some(stats.bytes_allocated.saturating_sub(stats.bytes_deallocated))
    }
    #[cfg(not(feature = "memory"))]
    None
}
