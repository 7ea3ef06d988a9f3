package io.textloom.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.textloom.tensor.DataType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/**
 * What ONNX Runtime's C API has and its Java API lacks: memory of a session's device, and tensors over it. Such a tensor is then a tensor of the Java API
 * like any other, which its sessions take as input and as pinned output without a copy.
 *
 * <p>Functions are called by their places in the C API's table, where new ones are only ever added at the end. Source: ONNX Runtime,
 * onnxruntime_c_api.h; the table is the one that the Java API itself has loaded.
 */
final class OrtApi {
    private static final int GET_ERROR_CODE = 1;
    private static final int GET_ERROR_MESSAGE = 2;
    private static final int CREATE_TENSOR_WITH_DATA = 49;
    private static final int MEMORY_INFO_GET_NAME = 71;
    private static final int ALLOCATOR_ALLOC = 75;
    private static final int ALLOCATOR_FREE = 76;
    private static final int ALLOCATOR_GET_INFO = 77;
    private static final int RELEASE_STATUS = 93;
    private static final int CREATE_ALLOCATOR = 131;
    private static final int RELEASE_ALLOCATOR = 132;
    private static final int SESSION_GET_MEMORY_INFO_FOR_INPUTS = 380;

    private final Function errorCode;
    private final Function errorMessage;
    private final Function createTensor;
    private final Function memoryName;
    private final Function alloc;
    private final Function free;
    private final Function allocatorInfo;
    private final Function releaseStatus;
    private final Function createAllocator;
    private final Function releaseAllocator;
    private final Function inputMemory;

    private final Field sessionHandle;
    private final Constructor<OnnxTensor> newTensor;
    private final Constructor<TensorInfo> newInfo;

    private OrtApi(Pointer table) throws ReflectiveOperationException {
        errorCode = function(table, GET_ERROR_CODE);
        errorMessage = function(table, GET_ERROR_MESSAGE);
        createTensor = function(table, CREATE_TENSOR_WITH_DATA);
        memoryName = function(table, MEMORY_INFO_GET_NAME);
        alloc = function(table, ALLOCATOR_ALLOC);
        free = function(table, ALLOCATOR_FREE);
        allocatorInfo = function(table, ALLOCATOR_GET_INFO);
        releaseStatus = function(table, RELEASE_STATUS);
        createAllocator = function(table, CREATE_ALLOCATOR);
        releaseAllocator = function(table, RELEASE_ALLOCATOR);
        inputMemory = function(table, SESSION_GET_MEMORY_INFO_FOR_INPUTS);
        sessionHandle = OrtSession.class.getDeclaredField("nativeHandle");
        sessionHandle.setAccessible(true);
        newTensor = OnnxTensor.class.getDeclaredConstructor(long.class, long.class, TensorInfo.class);
        newTensor.setAccessible(true);
        newInfo = TensorInfo.class.getDeclaredConstructor(
                long[].class, OnnxJavaType.class, TensorInfo.OnnxTensorType.class);
        newInfo.setAccessible(true);
    }

    /**
     * @param version of ONNX Runtime that was loaded
     * @throws IllegalStateException if it is not the one whose table and Java classes are known
     */
    static OrtApi of(String version) {
        if (!version.equals(CudaNatives.ONNX_RUNTIME_VERSION)) {
            throw new IllegalStateException("ONNX Runtime is " + version + "; the functions of its C API are known for "
                    + CudaNatives.ONNX_RUNTIME_VERSION);
        }
        if (Native.POINTER_SIZE != Long.BYTES) {
            throw new IllegalStateException("Pointers have " + Native.POINTER_SIZE + " bytes; expected " + Long.BYTES);
        }
        try {
            Field handle = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
            handle.setAccessible(true);
            return new OrtApi(new Pointer(handle.getLong(null)));
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException("ONNX Runtime's Java classes are not those of " + version + ": " + e, e);
        }
    }

    private static Function function(Pointer table, int place) {
        return Function.getFunction(table.getPointer((long) place * Native.POINTER_SIZE));
    }

    /** An allocator of the memory in which a session wants one of its inputs; to be given to {@link #release}, which may be after the session's end. */
    Pointer allocator(OrtSession session, String input) throws OrtException {
        int inputs = Math.toIntExact(session.getNumInputs());
        int place = new ArrayList<>(session.getInputNames()).indexOf(input);
        Pointer handle = handle(session);
        try (Memory infos = new Memory((long) inputs * Native.POINTER_SIZE)) {
            check(inputMemory.invokePointer(new Object[] {handle, infos, (long) inputs}));
            PointerByReference made = new PointerByReference();
            Pointer info = infos.getPointer((long) place * Native.POINTER_SIZE);
            check(createAllocator.invokePointer(new Object[] {handle, info, made}));
            return made.getValue();
        }
    }

    /** What ONNX Runtime calls the memory, such as {@code Cpu} or {@code Cuda}. */
    String name(Pointer allocator) throws OrtException {
        PointerByReference name = new PointerByReference();
        check(memoryName.invokePointer(new Object[] {info(allocator), name}));
        return name.getValue().getString(0, StandardCharsets.UTF_8.name());
    }

    private Pointer info(Pointer allocator) throws OrtException {
        PointerByReference info = new PointerByReference();
        check(allocatorInfo.invokePointer(new Object[] {allocator, info}));
        return info.getValue();
    }

    void release(Pointer allocator) {
        releaseAllocator.invokeVoid(new Object[] {allocator});
    }

    Pointer allocate(Pointer allocator, long bytes) throws OrtException {
        PointerByReference made = new PointerByReference();
        check(alloc.invokePointer(new Object[] {allocator, bytes, made}));
        return made.getValue();
    }

    void free(Pointer allocator, Pointer address) throws OrtException {
        check(free.invokePointer(new Object[] {allocator, address}));
    }

    /**
     * A tensor over memory that stays the caller's.
     *
     * @param address in the memory of {@code allocator}
     */
    OnnxTensor tensor(Pointer allocator, Pointer address, DataType type, long... shape) throws OrtException {
        long elements = 1;
        for (long size : shape) {
            elements *= size;
        }
        PointerByReference made = new PointerByReference();
        try (Memory dimensions = new Memory((long) shape.length * Long.BYTES)) {
            dimensions.write(0, shape, 0, shape.length);
            check(createTensor.invokePointer(new Object[] {
                info(allocator),
                address,
                elements * type.bytes(),
                dimensions,
                (long) shape.length,
                type.onnxCode(),
                made
            }));
        }
        try {
            return newTensor.newInstance(Pointer.nativeValue(made.getValue()), 0L, info(type, shape));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("ONNX Runtime's Java class of tensors takes no native tensor: " + e, e);
        }
    }

    private TensorInfo info(DataType type, long... shape) throws ReflectiveOperationException {
        OnnxJavaType java = javaType(type);
        return newInfo.newInstance(shape, java, TensorInfo.OnnxTensorType.mapFromJavaType(java));
    }

    /** What the Java API calls a type that tensors of a decoder have. */
    static OnnxJavaType javaType(DataType type) {
        return switch (type) {
            case FLOAT32 -> OnnxJavaType.FLOAT;
            case FLOAT16 -> OnnxJavaType.FLOAT16;
            case INT32 -> OnnxJavaType.INT32;
            default ->
                throw new IllegalArgumentException("The type is " + type + "; expected float32, float16 or int32");
        };
    }

    private Pointer handle(OrtSession session) {
        try {
            return new Pointer(sessionHandle.getLong(session));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("ONNX Runtime's Java class of sessions shows no native session: " + e, e);
        }
    }

    private void check(Pointer status) throws OrtException {
        if (status != null) {
            Object[] argument = {status};
            int code = errorCode.invokeInt(argument);
            String message = errorMessage.invokePointer(argument).getString(0, StandardCharsets.UTF_8.name());
            releaseStatus.invokeVoid(argument);
            throw new OrtException(OrtErrorCode.mapFromInt(code), message);
        }
    }
}
