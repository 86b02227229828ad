//! The allocator: free lists of blocks whose sizes are powers of two.
//!
//! A page's engine asks for small blocks again and again, and lives as long as the page. What was
//! freed serves the next request of its size; nothing is given back or merged, so memory stays below
//! twice the sum of what each size needed at its peak. The smallest allocator that merges weighed
//! 0.7 KB of the download more.

#![allow(unsafe_code, reason = "an allocator hands out raw memory")]

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size};
use core::cell::UnsafeCell;
use core::ptr::null_mut;

/// Blocks are of 2^4 bytes at least, which every type's alignment divides.
const SMALLEST: u32 = 4;
const PAGE: usize = 65_536;

pub struct Blocks(UnsafeCell<State>);

struct State {
    /// By the logarithm of their size: the first free block, whose first word is the next one.
    free: [*mut u8; 32],
    /// Where memory that nobody had yet begins, and where it ends.
    fresh: usize,
    end: usize,
}

// SAFETY: a page's wasm has one thread.
unsafe impl Sync for Blocks {}

impl Blocks {
    pub const fn new() -> Blocks {
        Blocks(UnsafeCell::new(State { free: [null_mut(); 32], fresh: 0, end: 0 }))
    }
}

/// The logarithm of a block that has room for so much.
fn class(size: usize) -> u32 {
    (usize::BITS - size.saturating_sub(1).leading_zeros()).max(SMALLEST)
}

// SAFETY: a block is in one list or handed out, never both; lists hold only blocks of their size.
unsafe impl GlobalAlloc for Blocks {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let class = class(layout.size());
        let State { free, fresh, end } = unsafe { &mut *self.0.get() };
        let Some(first) = free.get_mut(class as usize) else { return null_mut() };
        let block = *first;
        if !block.is_null() {
            *first = unsafe { *block.cast::<*mut u8>() };
            return block;
        }
        let size = 1 << class;
        if end.wrapping_sub(*fresh) < size {
            // Whoever else asked for memory meanwhile, such as the stack's linker, has its own.
            let pages = memory_grow(0, size.div_ceil(PAGE));
            if pages == usize::MAX {
                return null_mut();
            }
            if pages * PAGE != *end {
                *fresh = pages * PAGE;
            }
            *end = memory_size(0) * PAGE;
        }
        let block = *fresh as *mut u8;
        *fresh += size;
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let State { free, .. } = unsafe { &mut *self.0.get() };
        if let Some(first) = free.get_mut(class(layout.size()) as usize) {
            unsafe { *block.cast::<*mut u8>() = *first };
            *first = block;
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if class(size) == class(layout.size()) {
            return block;
        }
        // SAFETY: the caller vouches for the size; the alignment is the old one.
        let new = unsafe { self.alloc(Layout::from_size_align_unchecked(size, layout.align())) };
        if !new.is_null() {
            unsafe {
                core::ptr::copy_nonoverlapping(block, new, size.min(layout.size()));
                self.dealloc(block, layout);
            }
        }
        new
    }
}
