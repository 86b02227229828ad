//! Where trees lie while they cross: one box for what comes in, one for what goes out.
//!
//! Bindings that take JavaScript's objects apart key by key weighed 4 KB more on both sides than
//! writing a tree into memory once.

#![allow(unsafe_code, reason = "memory is shared with JavaScript here, and nowhere else")]

use core::cell::UnsafeCell;

use crate::bytes::Codec;
use crate::value::Value;

struct Box(UnsafeCell<Vec<u8>>);

// SAFETY: a page's wasm has one thread.
unsafe impl Sync for Box {}

static INCOMING: Box = Box(UnsafeCell::new(Vec::new()));
static OUTGOING: Box = Box(UnsafeCell::new(Vec::new()));

/// Makes room for messages of up to `length` bytes, which JavaScript writes one after the other, and says
/// where.
#[unsafe(no_mangle)]
extern "C" fn room(length: usize) -> *mut u8 {
    // SAFETY: nobody holds a reference into the box: `read` is done with it before anybody else is called.
    let incoming = unsafe { &mut *INCOMING.0.get() };
    incoming.clear();
    incoming.resize(length, 0);
    incoming.as_mut_ptr()
}

/// The message that an export was called for. What was needed for those before is taken back.
///
/// # Safety
///
/// To be called by exports, before anything else: see [`Blocks::collect`](super::allocator::Blocks::collect).
pub unsafe fn message() -> Value {
    // SAFETY: as the caller vouches.
    unsafe { super::ALLOCATOR.collect() };
    read()
}

/// The tree that JavaScript has written last.
pub fn read() -> Value {
    // SAFETY: as above.
    let bytes = unsafe { &*INCOMING.0.get() };
    let mut value = Value::Null;
    value.code(&mut Codec::reading(bytes));
    value
}

/// Lays a list of texts out, as [`post`] would, without making a tree of them.
pub fn post_texts(first: &str, rest: &[&str]) -> *const u8 {
    let mut codec = Codec::default();
    let mut small = |mut number: u32| codec.small(&mut number);
    small(5);
    small(1 + u32::try_from(rest.len()).unwrap_or(0));
    for text in core::iter::once(&first).chain(rest) {
        codec.small(&mut 4);
        codec.text_of(text);
    }
    lay_out(codec)
}

/// Lays a tree out for JavaScript to read before it calls again, and says where.
pub fn post(mut value: Value) -> *const u8 {
    let mut codec = Codec::default();
    value.code(&mut codec);
    lay_out(codec)
}

fn lay_out(codec: Codec<'_>) -> *const u8 {
    // SAFETY: JavaScript reads what lay here before at once.
    let outgoing = unsafe { &mut *OUTGOING.0.get() };
    *outgoing = codec.into_bytes();
    outgoing.as_ptr()
}
