//! How much memory an input takes: an allocator that counts, and gives up beyond the limit.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The most that a stored or imported profile may take at the same time, in bytes.
#[allow(dead_code, reason = "a model has a bound of its own")]
pub const OF_A_PROFILE: usize = 16 << 20;

struct Counting;

static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
/// What was told as the highest peak.
static TOLD: AtomicUsize = AtomicUsize::new(0);

// SAFETY: all of it is the system's allocator's; here it is only counted.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        PEAK.fetch_max(LIVE.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Does the work; panics where more than `most` bytes lived at the same time, and says whenever a work took more than
/// all before it.
pub fn measured(most: usize, work: impl FnOnce()) {
    let before = LIVE.load(Relaxed);
    PEAK.store(before, Relaxed);
    work();
    let took = PEAK.load(Relaxed) - before;
    assert!(took <= most, "one input took {took} bytes, of at most {most}");
    if took > TOLD.load(Relaxed) * 21 / 20 {
        TOLD.store(took, Relaxed);
        eprintln!("peak memory of one input: {took} bytes");
    }
}
