//! The allocator: blocks whose sizes are powers of two, handed out one after the other, and taken
//! back, between two messages, where nothing points to them any more.
//!
//! Nothing is freed piece by piece: the code that walks every tree to free its parts weighed 3 KB of
//! the download, and took its time. While no function is at work the stack holds nothing, so all that
//! is needed can be reached from the statics. Whatever looks like the address of a block's beginning
//! counts as one (Rust's collections keep no other): at worst a block stays that nobody needs.
//!
//! Source: Boehm and Weiser 1988, "Garbage collection in an uncooperative environment", Software:
//! Practice and Experience 18(9), 807-820.

#![allow(unsafe_code, reason = "an allocator hands out raw memory")]

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size};
use core::cell::UnsafeCell;
use core::hint::black_box;
use core::ptr::{addr_of, copy_nonoverlapping, null_mut, write_bytes};

/// Blocks are of 2^4 bytes at least, which every type's alignment divides, and of half a page at most;
/// what is larger has pages of its own.
const SMALLEST: u8 = 4;
const LARGEST: u8 = 15;
/// WebAssembly's pages.
const PAGE: usize = 65_536;
/// How many pages there can be, 256 MB in all.
const PAGES: usize = 4096;
/// After so many bytes it is time to look for what is not needed any more.
const ENOUGH: usize = 1 << 20;

/// How much of the stack may hold what functions have left there, and how much lies below a function that
/// calls no other without being reserved.
const LEFT: usize = 8192;
const RED_ZONE: usize = 128;

/// What a page is for: nothing of ours, or the logarithm of its blocks' size, or one of these.
const FREE: u8 = 1;
const LARGE: u8 = 16;
const LARGE_MARKED: u8 = 17;
const CONTINUED: u8 = 18;

pub struct Blocks(UnsafeCell<State>);

struct State {
    /// What each page is for.
    pages: [u8; PAGES],
    /// By the logarithm of their size: where the next block is looked for.
    next: [usize; LARGEST as usize + 1],
    /// How many bytes were handed out since the last collection; while one goes on, how many are needed.
    bytes: usize,
    /// After how many there is to be another one, if they are more than `ENOUGH`.
    enough: usize,
    /// Whether a function is at work that waits for JavaScript.
    waits: bool,
}

unsafe extern "C" {
    // Where the statics begin and end: the linker's.
    static __global_base: u8;
    static __data_end: u8;
}

// SAFETY: a page's wasm has one thread.
unsafe impl Sync for Blocks {}

/// The logarithm of a block that has room for so much.
fn class(size: usize) -> u8 {
    ((usize::BITS - size.saturating_sub(1).leading_zeros()) as u8).max(SMALLEST)
}

/// How much room so much is given.
fn room(size: usize) -> usize {
    if class(size) > LARGEST { size.next_multiple_of(PAGE) } else { 1 << class(size) }
}

/// Where a page's first block begins: before it lies one byte a block, its mark.
fn first(class: u8) -> usize {
    (PAGE >> class).max(1 << class)
}

impl State {
    /// As many pages in a row, which are now for this.
    fn take(&mut self, count: usize, what: u8) -> Option<usize> {
        let mut found = 0;
        let mut page = 0;
        let end = memory_size(0);
        while page < end && found < count {
            found = if self.pages.get(page)? == &FREE { found + 1 } else { 0 };
            page += 1;
        }
        let start = if found < count { memory_grow(0, count) } else { page - count };
        // Where memory cannot grow, the answer lies beyond all pages.
        let taken = self.pages.get_mut(start..start.checked_add(count)?)?;
        taken.fill(CONTINUED);
        *taken.first_mut()? = what;
        // SAFETY: these pages are ours, and nobody's yet.
        unsafe { write_bytes((start * PAGE) as *mut u8, 0, count * PAGE) };
        Some(start * PAGE)
    }

    fn hand_out(&mut self, size: usize) -> Option<usize> {
        self.bytes += room(size);
        let class = class(size);
        if class > LARGEST {
            return self.take(size.div_ceil(PAGE), LARGE);
        }
        loop {
            let mut at = *self.next.get(class as usize)?;
            if at.is_multiple_of(PAGE) {
                // The page is full. There may be another one for blocks of this size.
                let after = self.pages.get(at / PAGE..)?.iter().position(|what| *what == class);
                at = match after {
                    Some(pages) => at + pages * PAGE,
                    None => self.take(1, class)?,
                } + first(class);
            }
            *self.next.get_mut(class as usize)? = at + (1 << class);
            // SAFETY: the mark lies in the block's page.
            if unsafe { *mark_of(at, class) } == 0 {
                // What was there before would keep alive what it points to.
                // SAFETY: nobody has this block.
                unsafe { write_bytes(at as *mut u8, 0, 1 << class) };
                return Some(at);
            }
        }
    }

    /// Marks the block that begins at this address, if one does, and all that can be reached from it.
    fn mark(&mut self, address: usize) {
        let page = address / PAGE;
        let Some(what) = self.pages.get_mut(page) else { return };
        let class = *what;
        let size = if class == LARGE && address.is_multiple_of(PAGE) {
            *what = LARGE_MARKED;
            let after = self.pages.iter().skip(page + 1).position(|what| *what != CONTINUED);
            (1 + after.unwrap_or(0)) * PAGE
        } else if let (SMALLEST..=LARGEST, 0) = (class, address & !(usize::MAX << (class & 31))) {
            // SAFETY: the mark lies in a page of ours.
            if unsafe { core::mem::replace(&mut *mark_of(address, class), 1) } > 0 {
                return;
            }
            1 << class
        } else {
            return;
        };
        self.bytes += size;
        self.scan(address, address + size);
    }

    fn scan(&mut self, start: usize, end: usize) {
        for address in (start..end).step_by(size_of::<usize>()) {
            // SAFETY: it lies in a block, or among the statics.
            self.mark(unsafe { *(address as *const usize) });
        }
    }
}

/// Where the mark of the block lies that this address points into.
fn mark_of(address: usize, class: u8) -> *mut u8 {
    ((address & !(PAGE - 1)) + ((address & (PAGE - 1)) >> class)) as *mut u8
}

impl Blocks {
    pub const fn new() -> Blocks {
        Blocks(UnsafeCell::new(State {
            pages: [0; PAGES],
            next: [0; LARGEST as usize + 1],
            bytes: 0,
            enough: 0,
            waits: false,
        }))
    }

    /// JavaScript is being asked, and may call us meanwhile, or has answered.
    pub fn wait(&self, waits: bool) {
        // SAFETY: nobody else is at work.
        unsafe { (*self.0.get()).waits = waits };
    }

    /// Takes back what nothing points to, if enough was handed out for it to be worth while.
    ///
    /// # Safety
    ///
    /// To be called where no function is at work, other than one that has nothing in its hands yet.
    #[inline(never)]
    pub unsafe fn collect(&self) {
        // Types with several shapes take with them, where they are longer than their shape, what functions that
        // are done with have left on the stack.
        let here = 0_u32;
        let end = black_box(addr_of!(here) as usize) - RED_ZONE;
        // SAFETY: below this function's frame the stack is nobody's.
        unsafe { write_bytes((end - LEFT) as *mut u8, 0, LEFT) };
        // SAFETY: nobody else is at work.
        let state = unsafe { &mut *self.0.get() };
        if state.waits || state.bytes < state.enough.max(ENOUGH) {
            return;
        }
        for (page, what) in state.pages.iter().enumerate() {
            if let SMALLEST..=LARGEST = *what {
                // SAFETY: the marks lie in a page of ours.
                unsafe { write_bytes((page * PAGE) as *mut u8, 0, PAGE >> *what) };
            }
        }
        state.bytes = 0;
        state.scan(addr_of!(__global_base) as usize, addr_of!(__data_end) as usize & !3);
        let mut is_needed = true;
        for what in &mut state.pages {
            if *what != CONTINUED {
                is_needed = *what != LARGE;
            }
            if *what == LARGE_MARKED {
                *what = LARGE;
            }
            if !is_needed {
                *what = FREE;
            }
        }
        state.next = [0; LARGEST as usize + 1];
        // As much again as there is, so that collecting is a small part of the work.
        state.enough = state.bytes;
        state.bytes = 0;
    }
}

// SAFETY: a block is handed out once between two collections, and again only when nothing points to it.
unsafe impl GlobalAlloc for Blocks {
    #[inline(never)]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let state = unsafe { &mut *self.0.get() };
        state.hand_out(layout.size()).map_or(null_mut(), |at| at as *mut u8)
    }

    unsafe fn dealloc(&self, _block: *mut u8, _layout: Layout) {}

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if room(size) == room(layout.size()) {
            return block;
        }
        // SAFETY: the caller vouches for the size; the alignment is the old one.
        let new = unsafe { self.alloc(Layout::from_size_align_unchecked(size, layout.align())) };
        if !new.is_null() {
            unsafe { copy_nonoverlapping(block, new, size.min(layout.size())) };
        }
        new
    }
}
